//! What stands in the chats (WAHA §5). What is read proves presence, never absence.
//!
//! Only direct chats: groups, channels and the status are dropped before anybody sees them.

mod chat_owner;
mod chat_pages;
mod lid_phones;
mod observed;
mod read_chat;
mod read_chats;

pub(crate) use lid_phones::LidPhones;
pub(crate) use observed::{Receiver, ack, direct, observed, says_something};
pub(crate) use read_chat::read_chat;
pub(crate) use read_chats::read_chats;
