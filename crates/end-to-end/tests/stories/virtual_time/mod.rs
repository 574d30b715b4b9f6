//! Stories in virtual time.

mod a_broadcast;
mod a_conversation;
mod a_message_arrives;
mod an_evening;
mod another_number;
mod answering;
mod answers_in_doubt;
mod clocks;
mod configuration_lost;
mod drop_if_answered;
mod first_contact;
mod forecast;
mod forged_webhooks;
mod guests_write_first;
mod hand_typed;
mod limits;
mod people;
mod private_life;
mod refused_sends;
mod setup;
mod system;
mod the_sequence;
mod three_hundred_guests;
mod truth_about_delivery;
mod waha_in_trouble;
mod who_has_not_written;
