//! Stories in virtual time.

mod a_message_arrives;
mod system;
