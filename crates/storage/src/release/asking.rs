//! Asking the rules about one message, and whose wait it is when they say "not now": the message's own, or the session's.
//!
//! Nothing is decided here that `domain::release` could decide, and nothing is written.

use domain::{
    Timestamp,
    lane::ReleaseLane,
    phone_number::PhoneNumber,
    release::{Decision, Evidence, Facts, RefuseReason},
    wait::{AwaitedEvent, Wait, WaitReason},
};

use super::Claimer;

/// What the rules say of a commit at one moment.
#[derive(Debug)]
pub(super) enum Asked {
    /// It may go.
    Send(Leave),
    /// Not now.
    Wait(Wait),
    /// Never.
    Refuse(RefuseReason),
}

/// The permission to go, and how the slot is counted.
#[derive(Debug)]
pub(super) struct Leave {
    pub(super) lane: ReleaseLane,
    pub(super) cold: bool,
    pub(super) evidence: Evidence,
    /// The number that writes.
    pub(super) own_number: PhoneNumber,
}

/// Who has to wait.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// This message, whatever others do.
    Message(Wait),
    /// Every message of its rank.
    Session(Wait),
}

/// May the message be committed at `at`?
pub(super) fn ask(claimer: &Claimer<'_>, facts: &Facts<'_>, at: Timestamp) -> Asked {
    match claimer.book.decide(facts, claimer.rules, at) {
        Decision::Refuse(reason) => Asked::Refuse(reason),
        Decision::Wait(wait) => Asked::Wait(wait),
        // The database refuses a message without evidence whatever the book says: so do we, before it does.
        Decision::Send => match (&facts.contact.evidence, &facts.session.own_number) {
            (Some(evidence), Some(own_number)) => Asked::Send(Leave {
                lane: facts.lane(at),
                cold: facts.is_cold(claimer.rules, at),
                evidence: evidence.clone(),
                own_number: own_number.clone(),
            }),
            (Some(_), None) => Asked::Wait(NOT_LINKED),
            (None, _) => Asked::Wait(NOT_WRITTEN),
        },
    }
}

const NOT_LINKED: Wait = Wait::event(WaitReason::SessionConnecting, AwaitedEvent::SessionConnects);

const NOT_WRITTEN: Wait = Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);

/// Whether `wait`, which the rules answered for `at`, keeps only this message from going.
///
/// The rules name the wait that ends last. Behind a wait of the session there may be one of the message's own that holds
/// already now: then the message steps aside for that one, and does not hide the others.
pub(super) fn whose(claimer: &Claimer<'_>, facts: &Facts<'_>, at: Timestamp, wait: Wait) -> Whose {
    if facts.waits_alone(wait.reason, at) || !wait.reason.is_of_session() {
        return Whose::Message(wait);
    }
    let (_, own) = claimer.book.in_two();
    match own.decide(facts, claimer.rules, at) {
        Decision::Wait(own) => Whose::Message(own),
        Decision::Send | Decision::Refuse(_) => Whose::Session(wait),
    }
}
