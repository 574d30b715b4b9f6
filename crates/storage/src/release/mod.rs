//! What the worker does with a message: claim, look again, commit, give back, finish (design §5).
//!
//! Not here: how a message is composed, and what the rules say (crate `domain`). The rules that must hold: every method that
//! takes a [`Claimer`] locks the session's lease row first and refuses any other owner or epoch; rows move only through
//! `MessageStatus::after`.

mod abandonment;
mod answers;
mod asking;
mod claim;
mod claimer;
mod commit;
mod contact_refusals;
mod doubt;
mod earlier_sends;
mod ends;
mod expiring;
mod finish;
mod give_back;
mod pending_again;
mod phases;
mod preempting;
mod queue_row;
mod recheck;
mod refusing;
mod reservations;
mod restriction;
mod sent_again;
mod session_away;
mod slot;
mod take;
mod waits;
mod work;

pub use answers::{Claim, Commit, Finished, Recheck, ReleaseOutcome, ReleaseReason};
pub use claimer::Claimer;
pub(crate) use contact_refusals::{accepted as contact_accepted, read as contact_refusal};
pub(crate) use earlier_sends::{EarlierSend, earlier_send, forget_refusal};
pub(crate) use ends::Ending;
pub(crate) use queue_row::{QueueRow, all, by_id, first, queue_rows};
pub(crate) use reservations::{forget_shown, keep_snapshot, learn_raw_id as slot_learns_raw_id};
pub(crate) use sent_again::sent_again;
pub(crate) use waits::{announcements_are_free, fewer_unanswered, session_is_free, set_aside};
pub use work::{AnsweredMessage, Work};
