//! The laws and tables of the domain.

mod answers_and_receipts;
mod broadcast;
mod chat_ids;
mod clock_reading;
mod configuration;
mod ids;
mod invitations;
mod invited;
mod linking;
mod message_life;
mod number_change;
mod opt_out;
mod pacing;
mod phone_numbers;
mod quiet_hours;
mod receipts;
mod release;
mod session_names;
mod texts;
mod unread_chats;
mod waha_capabilities;
mod waits;
mod windows;
