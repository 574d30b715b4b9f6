//! What the words of this project mean: ids, numbers, states, limits, pacing and the shapes two services share.
//!
//! No I/O, no async, no clock and no dice of its own: `now` and a random generator are parameters.
//! The rule that must hold: everything here is a pure function of its arguments.

#[macro_use]
pub mod text_enum;

pub mod account;
pub mod ack;
pub mod broadcast;
pub mod chat_id;
pub mod clock_reading;
pub mod config;
pub mod conversation;
pub mod ids;
pub mod invitation;
pub mod lane;
pub mod linking;
pub mod message_status;
pub mod message_text;
pub mod number_change;
pub mod object;
pub mod opt_out;
pub mod outcome;
pub mod pacing;
pub mod phone_number;
pub mod quiet_hours;
pub mod receipts;
pub mod release;
pub mod session;
pub mod unread_chats;
pub mod waha_capabilities;
pub mod waha_image;
pub mod waha_server;
pub mod wait;
pub mod wire;

/// A moment in UTC, in whole milliseconds wherever it was stored.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
