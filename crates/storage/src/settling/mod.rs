//! Messages of which nobody can say whether they left, and the proof that ends the doubt (design §5).
//!
//! The rule that must hold: reading a chat can prove presence, never absence. Two candidates or none prove nothing.

mod chat;
mod claimants;
mod parked;
mod presence;
mod sent;
mod uncertain;

pub(crate) use parked::hand_typed;
pub(crate) use presence::Candidate;
pub(crate) use sent::{Proof, count_sent};
pub use uncertain::{Settled, UncertainRow};
