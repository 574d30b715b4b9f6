//! Keeps each WAHA session configured and started (design §2, "Setting WAHA up"), and queue-api told of its state.
//!
//! A pass may run twice without harm: read, compare, write only what differs. Between two passes a look of one GET every few
//! seconds finds what changed, also when the webhooks are what was lost. The rule that must hold: nothing is
//! written while an attempt is open, because a PUT restarts the session.

mod arrange;
mod look;
mod pass;
mod wanted;

pub(crate) use arrange::start_now;
pub(crate) use pass::{keep, report_view};
