//! Keeps each WAHA session configured and started (design §2, "Setting WAHA up"), and queue-api told of its state.
//!
//! A pass may run twice without harm: read, compare, write only what differs. The rule that must hold: nothing is
//! written while an attempt is open, because a PUT restarts the session.

mod arrange;
mod pass;
mod wanted;

pub(crate) use pass::{keep, report_view};
