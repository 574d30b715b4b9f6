//! What the WAHAs post to us, on a listener of its own. The rule that must hold: 2xx only when queue-api has stored
//! what it means, or it will never mean anything; WAHA repeats the rest (WAHA §7.3).

mod door;
mod hand_typed;
mod receive;
mod translate;

pub(crate) use door::Door;
pub(crate) use receive::receive;
