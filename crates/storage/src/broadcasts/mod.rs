//! Broadcasts: written as drafts, looked at, started in one transaction, paused, resumed, and cancelled.
//!
//! Who gets which text is `domain::broadcast`'s to say; whether a copy may go is `domain::release`'s, which looks at the
//! broadcast's state at every claim and commit. The rule that must hold: whoever changes that state holds every session's lock,
//! so that after the answer nothing leaves against it.

mod cancelling;
mod counts;
mod drafting;
mod erasing;
mod planning;
mod reading;
mod row;
mod starting;
mod steering;
mod trying;

pub(crate) use erasing::forget_searched;

pub use counts::BroadcastCounts;
pub use drafting::{BroadcastChanged, BroadcastEdit, NewBroadcast};
pub use planning::BroadcastPlan;
pub use row::BroadcastRow;
pub use starting::BroadcastStart;
pub use steering::{BroadcastSteered, OpenCopy, Steered};
pub use trying::{BroadcastTrial, Trial};
