//! What a rehearsal is played with: storage reads it in one transaction.

use std::collections::HashMap;

use crate::{
    Timestamp,
    config::Pacing,
    ids::{ContactId, MessageId},
    lane::ReleaseLane,
    release::{ContactFacts, MessageFacts, ReleaseRules, Rulebook, SessionFacts},
    wait::Wait,
};

/// The rules, their numbers, and how long things take.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'a> {
    /// The rules.
    pub book: &'a Rulebook,
    /// Their numbers.
    pub rules: &'a ReleaseRules,
    /// How long a composition takes.
    pub pacing: &'a Pacing,
}

/// One session's queue at one moment.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The session's facts.
    pub session: SessionFacts,
    /// What waits, in any order. Those that wait for an answer stay; but an answer by chance lets them go before others.
    pub waiting: Vec<WaitingMessage>,
    /// The facts of everybody it goes to. Whoever is missing has not written.
    pub contacts: HashMap<ContactId, ContactFacts>,
    /// The message that the worker has in its hands.
    pub under_way: Option<UnderWay>,
    /// How lively it is.
    pub guests: Guests,
}

/// The guests of a session who have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guests {
    /// How many.
    pub known: u32,
    /// How many of them in the last day.
    pub wrote: u32,
}

/// A message that waits.
#[derive(Debug, Clone)]
pub struct WaitingMessage {
    /// Which: ids are the last word on the order.
    pub message: MessageId,
    /// To whom.
    pub contact: ContactId,
    /// Higher goes first.
    pub priority: i32,
    /// How long its text is: typing takes time.
    pub chars: usize,
    /// What the rules look at.
    pub facts: MessageFacts,
    /// What it waits for by itself, as stored; `None`: it is due.
    pub wait: Option<Wait>,
    /// Whether a wait for an answer is simulated to its last moment. Otherwise the message stays: two weeks are too long for a promise.
    pub waits_out_unanswered: bool,
}

/// A message that is being composed or sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// To whom.
    pub contact: ContactId,
    /// How long its text is.
    pub chars: usize,
    /// The lane that its slot is counted in.
    pub lane: ReleaseLane,
    /// Whether the contact was cold.
    pub cold: bool,
    /// When it was taken.
    pub since: Timestamp,
    /// Past the point of no return.
    pub committed: bool,
}
