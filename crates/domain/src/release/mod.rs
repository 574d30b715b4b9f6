//! The rules of release (design §6) as pure functions: may this message go at that moment, and if not, what ends the wait.
//!
//! Every rule is one function from the facts to a verdict; they know nothing of each other. `decide` combines them:
//! a refusal beats a wait, a wait for a person beats one for an event, and of waits for a time the last one counts.
//! All of it is evaluated *for the moment of the commit*.

mod contact_rules;
mod decide;
mod facts;
mod first_contact;
mod forecast;
mod gaps;
mod message_rules;
mod outage;
mod rehearsal;
mod release_rules;
mod session_rules;
mod windows;

pub use decide::{Decision, RefuseReason, Rule, Rulebook, Verdict};
pub use facts::{
    Capping, CappingLevel, ClockDoubt, ContactFacts, ContactRefusal, Evidence, Facts, Lock,
    MessageFacts, PastSend, SessionFacts,
};
pub use first_contact::{FirstContact, WaitingNews, first_contact};
pub use forecast::{far_behind, forecast};
pub use gaps::{Gaps, gaps_after};
pub use outage::{Circuit, Outage, Refusal, SendFailure};
pub use rehearsal::{
    Band, DayUse, Departure, Guests, Pace, Rehearsal, Scene, Stay, UnderWay, WaitingMessage, days,
    rehearse, rehearse_one,
};
pub use release_rules::{ReleaseRules, UNANSWERED_WITHIN};
pub use windows::hourly_limit;
