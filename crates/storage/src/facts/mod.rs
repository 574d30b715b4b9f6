//! Facts from outside: messages seen, receipts, states of sessions, late outcomes. Told by the integration's posts and by what
//! the worker reads in chats, through the same methods.
//!
//! The rules that must hold: a fact told twice changes nothing the second time; nothing is stored of what people write who are
//! no guests.

mod acks;
mod affairs;
mod contact_folding;
mod contact_households;
mod contact_merging;
mod early_changes;
mod first_contact;
pub(crate) mod identity;
mod identity_repair;
mod inbound;
mod messages;
mod other_number;
mod outcomes;
pub(crate) mod own_identity;
mod own_messages;
mod receiving_number;
mod refusals;
pub(crate) mod seats;
mod sessions;
mod small;
pub(crate) mod tying;
pub(crate) mod unconfirmed;
mod unreadable;
mod unrecorded;
pub(crate) mod wishes;

pub use acks::AckRecorded;
pub use messages::Recorded;
pub use sessions::SessionChange;
pub use small::{InChat, Reaction};
pub use unreadable::Unreadable;
