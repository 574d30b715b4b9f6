//! One session, worked by one worker: take the lease, fence, settle what was open, then release messages one by one.
//!
//! Beside the work loop run, under the same lease: settling uncertain messages, watching the session's state and
//! finding missed inbound and reading chats back. The rule that must hold: whoever lost the lease stops at once, and what they still try is
//! refused by the epoch.

mod clock_steps;
mod composing;
mod delivery;
mod ending;
mod hold;
mod read_back;
mod recover_inbound;
mod refused_chats;
mod settle;
mod takeover;
mod watch;
mod watch_outage;
mod watch_receipts;
mod watch_unread;
mod work_loop;

pub(crate) use hold::{SessionDesk, work_session};

/// The lease is not ours any more: stop touching this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost;

/// Why a step of the work ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The lease is not ours any more.
    #[error("another worker holds the session")]
    Lost,
    /// The database failed in a way that waiting does not cure, or is away where nothing has to be saved.
    #[error(transparent)]
    Store(#[from] storage::Error),
}

impl From<Lost> for Stop {
    fn from(Lost: Lost) -> Self {
        Self::Lost
    }
}
