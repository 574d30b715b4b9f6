//! The invitation of a household: its secret token, whom it leads to, the text that carries it to WhatsApp, and the link
//! that opens the chat.
//!
//! Not the page and not who is invited. The rule that must hold: the token of a text that we prefilled is found again.

mod contact_link;
mod host;
mod names;
mod prefilled;
mod token;

pub use contact_link::wa_me_link;
pub use host::{Host, InvitedGuest, host, language};
pub use names::couple_names;
pub use prefilled::prefilled_text;
pub use token::{InvalidInvitationToken, InvitationToken};
