//! The people behind the messages: WhatsApp identities (contacts) and the guest list.

mod contacts;
mod guests;
mod recipients;

pub use contacts::{ContactRow, ContactSessionRow};
pub use guests::{GuestRow, NewGuest};
pub use recipients::Recipient;
