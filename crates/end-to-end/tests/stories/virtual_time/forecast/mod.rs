//! What people are promised about the time a message leaves, held against the time it left (issue 4, forecast).
//!
//! [`couple`] lets weeks pass in which messages are queued at all hours, answered and interrupted; [`promises`] keeps what was
//! promised at each and measures it; [`weeks`] says how much of it must hold; [`rehearsal`] compares an order.

mod couple;
mod promises;
mod rehearsal;
mod weeks;
