//! The people behind the messages: WhatsApp identities (contacts) and the guest list.

mod contacts;
mod conversation;
mod deciding;
mod guests;
mod households;
mod invitation_changes;
mod invitations;
mod recipients;

pub use contacts::{ContactRow, ContactSessionRow};
pub use conversation::{ConversationRow, Quoted};
pub use deciding::Decision as ContactDecision;
pub use guests::{GuestRow, NewGuest};
pub use invitation_changes::InvitationChange;
pub use invitations::{InvitationRow, Invited};
pub use recipients::Recipient;
