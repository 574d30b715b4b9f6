//! Stories in virtual time.

mod a_message_arrives;
mod an_evening;
mod answers_in_doubt;
mod guests_write_first;
mod limits;
mod private_life;
mod setup;
mod system;
mod the_sequence;
mod three_hundred_guests;
mod waha_in_trouble;
