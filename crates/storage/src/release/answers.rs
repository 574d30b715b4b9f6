//! What the worker's calls are answered with. What the business refuses is here, never in an error.

use domain::{
    Timestamp,
    outcome::FailureReason,
    release::Refusal,
    wait::{Wait, WaitReason},
    wire::CompositionEnd,
};

use super::Work;

/// What came of looking for a message to send.
#[derive(Debug)]
pub enum Claim {
    /// One was taken: it is composing now.
    Taken(Box<Work>),
    /// Nothing can be started now.
    Idle {
        /// When to look again, as far as a time is known; a nudge may come earlier.
        next: Option<Timestamp>,
        /// What the whole session waits for, for the log.
        waiting: Option<Wait>,
    },
    /// An attempt of the session is open, and has to end first. A worker that holds none of its own did not learn of this one: the
    /// COMMIT that began it was unclear.
    Open,
    /// Another worker has the session.
    StaleEpoch,
}

/// What came of looking again before the first visible act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recheck {
    /// It may go on.
    Go,
    /// It was given back to the queue, where it waits for this.
    Back(Wait),
    /// It was cancelled: by a person, or by a rule that refuses it for ever.
    Ended,
    /// It was edited meanwhile: given back to the queue.
    Changed,
    /// Another worker has the session.
    StaleEpoch,
}

/// What came of the point of no return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Committed: the one call must be made now.
    Committed,
    /// A wait that ends within seconds. Nothing changed: ask again then, or give it back.
    NotYet(Wait),
    /// It was given back to the queue, where it waits for this.
    Back(Wait),
    /// It was cancelled: by a person, or by a rule that refuses it for ever.
    Ended,
    /// It was edited meanwhile: given back to the queue.
    Changed,
    /// Another worker has the session.
    StaleEpoch,
    /// Less than 15 s of the lease are left. Nothing changed: renew it and ask again, or give the message back.
    LeaseTooShort,
}

/// Why a composition is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseReason {
    /// A reply goes first.
    Preempted,
    /// The integration ended it.
    CompositionEnded(CompositionEnd),
    /// The connection to the integration broke, or the worker before us went away in the middle.
    Lost,
    /// The session is away.
    Away(WaitReason),
    /// The session is connected, but did not answer before anything was shown. It counts as a refused send.
    Refused(Refusal),
    /// This worker stops.
    Stopping,
}

/// What came of giving a composition back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseOutcome {
    /// It waits in the queue again.
    Pending {
        /// From when on it is looked at; `None`: it waits for an event or a person.
        eligible_at: Option<Timestamp>,
    },
    /// Another worker has the session.
    StaleEpoch,
    /// That attempt is not composing any more.
    Gone,
}

/// What came of an attempt's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It was accepted.
    Sent,
    /// Provably not sent; trying again would not help.
    Failed(FailureReason),
    /// Provably not sent because the session was away: it is in the queue again.
    PutBack(WaitReason),
    /// Nobody can say.
    Uncertain,
    /// The end was known already.
    AlreadyDone,
    /// Another worker has the session.
    StaleEpoch,
}
