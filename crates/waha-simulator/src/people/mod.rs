//! The human side: guests with their phones, the owner with the own phone, and what reaches WAHA of it.

mod acks;
mod arriving;
mod drafts;
mod guest;
mod owner;

pub use self::guest::Guest;
