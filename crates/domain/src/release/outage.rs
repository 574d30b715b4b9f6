//! The circuit breaker: what the failed sends since the last success mean for the next one (design §6).
//!
//! It counts failed sends that no message caused. The rules that must hold: at most three messages end failed or uncertain in one
//! outage without a person's word; a refusal that proves that nothing was sent is probed by itself, a refusal that may cost a message
//! is not. An outage ends with a success.

use crate::{
    Timestamp,
    ids::ContactId,
    session::SessionProblem,
    wait::{AwaitedPerson, Wait, WaitReason},
};

use super::ReleaseRules;

text_enum! {
    /// How a send fails when no message is to blame.
    pub enum Refusal("refusal") {
        /// 401 or 403: the key may not send.
        KeyRefused = "key_refused",
        /// The session was not there for the send, or for what precedes it, although it seems connected: 422, no connection, no answer.
        SessionAway = "session_away",
        /// 429, and every 4xx that has no other meaning.
        SlowDown = "slow_down",
        /// 400, 501, 404 on the route: the message failed.
        BadRequest = "bad_request",
        /// Another 500, or no answer: the message is uncertain.
        Unclear = "unclear",
    }
}

impl Refusal {
    /// Whether the message of such a try ends failed or uncertain.
    pub const fn costs_a_message(self) -> bool {
        matches!(self, Self::BadRequest | Self::Unclear)
    }

    /// What people are told once it stopped the session.
    pub const fn problem(self) -> SessionProblem {
        match self {
            Self::KeyRefused => SessionProblem::SendingForbidden,
            Self::SessionAway => SessionProblem::SendingUnstable,
            Self::SlowDown => SessionProblem::SendingTooFast,
            Self::BadRequest => SessionProblem::SendingRejected,
            Self::Unclear => SessionProblem::SendingUnclear,
        }
    }
}

/// So many contacts in a row with the same refusal stop the session.
const CONTACTS_THAT_STOP: usize = 3;
/// So many failures in a row stop it too, whoever they were for: few contacts may be waiting, or refusals may alternate.
const FAILURES_THAT_STOP: u32 = 4;
/// So many lost messages stop it. One fewer than the most, which is kept for the try after a restart of WAHA.
const LOST_THAT_STOP: u32 = MOST_LOST - 1;
/// Messages that may end failed or uncertain in one outage without a person's word.
const MOST_LOST: u32 = 3;

/// One failed send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendFailure {
    /// How it failed.
    pub refusal: Refusal,
    /// Whom it was for.
    pub contact: ContactId,
    /// When it was committed.
    pub committed_at: Timestamp,
    /// When its answer came.
    pub at: Timestamp,
}

/// The failed sends of one number since its last success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// How the newest send failed.
    pub refusal: Refusal,
    /// When the first of them was committed.
    pub since: Timestamp,
    /// How many failed.
    pub failures: u32,
    /// The different contacts that the newest refusal met in a row.
    pub contacts: Vec<ContactId>,
    /// How many messages ended failed or uncertain. After three of them a person's word sets it back to two.
    pub lost: u32,
    /// Since when nothing is sent but probes; `None`: sending goes on.
    pub stopped_at: Option<Timestamp>,
    /// How many probes failed since then.
    pub probes: u32,
    /// When the next probe may be sent by itself; `None`: a reconnect or a person permits it.
    pub next_try_at: Option<Timestamp>,
    /// A reconnect or a person permitted one try, which has not ended yet.
    pub permitted: bool,
}

/// Whether a session may send, as far as its failed sends decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// It may.
    Closed,
    /// One message may be tried.
    Probe,
    /// The next probe may be sent at this time.
    WaitUntil(Timestamp),
    /// Until WAHA restarted or reconnected, or a person says so.
    Stopped,
}

impl Outage {
    /// The outage after one more failure.
    #[must_use]
    pub fn after(before: Option<Self>, failure: &SendFailure, rules: &ReleaseRules) -> Self {
        let mut outage = before.unwrap_or_else(|| Self::begin(failure));
        if outage.refusal != failure.refusal {
            outage.refusal = failure.refusal;
            outage.contacts.clear();
        }
        if !outage.contacts.contains(&failure.contact) && outage.contacts.len() < CONTACTS_THAT_STOP
        {
            outage.contacts.push(failure.contact);
        }
        outage.failures += 1;
        outage.lost += u32::from(failure.refusal.costs_a_message());
        outage.permitted = false;
        if outage.stopped_at.is_some() {
            outage.probes += 1;
        } else if outage.must_stop() {
            outage.stopped_at = Some(failure.at);
        }
        outage.next_try_at = outage
            .probes_by_itself()
            .then(|| failure.at + rules.back_off(outage.probes));
        outage
    }

    fn begin(failure: &SendFailure) -> Self {
        Self {
            refusal: failure.refusal,
            since: failure.committed_at,
            failures: 0,
            contacts: Vec::new(),
            lost: 0,
            stopped_at: None,
            probes: 0,
            next_try_at: None,
            permitted: false,
        }
    }

    const fn must_stop(&self) -> bool {
        self.lost >= LOST_THAT_STOP
            || self.contacts.len() >= CONTACTS_THAT_STOP
            || self.failures >= FAILURES_THAT_STOP
    }

    const fn probes_by_itself(&self) -> bool {
        self.stopped_at.is_some() && !self.refusal.costs_a_message() && self.lost < MOST_LOST
    }

    /// WAHA restarted or reconnected: permits one try where none follows by itself, unless too many messages are lost already.
    /// Returns whether that changed something.
    pub fn permit_after_reconnect(&mut self) -> bool {
        let helps = self.stopped_at.is_some()
            && self.next_try_at.is_none()
            && self.lost < MOST_LOST
            && !self.permitted;
        self.permitted |= helps;
        helps
    }

    /// A person pressed "Try again": permits one try, whatever was lost. When it fails and costs no message, probes follow by
    /// themselves again; when it costs one, only a person permits the next.
    pub fn permit_by_person(&mut self) {
        self.lost = self.lost.min(LOST_THAT_STOP);
        self.permitted = true;
    }

    /// Whether the session may send at `now`.
    pub fn circuit(&self, now: Timestamp) -> Circuit {
        match (self.stopped_at, self.next_try_at) {
            (None, _) => Circuit::Closed,
            _ if self.permitted => Circuit::Probe,
            (_, None) => Circuit::Stopped,
            (_, Some(at)) if at <= now => Circuit::Probe,
            (_, Some(at)) => Circuit::WaitUntil(at),
        }
    }

    /// What every message of the session waits for at `now`.
    pub fn wait(&self, now: Timestamp) -> Option<Wait> {
        match self.circuit(now) {
            Circuit::Closed | Circuit::Probe => None,
            Circuit::WaitUntil(at) => Some(Wait::at(WaitReason::SendsRefused, at)),
            Circuit::Stopped => Some(Wait::person(
                WaitReason::SendsRefused,
                AwaitedPerson::TryAgain,
            )),
        }
    }

    /// What people are told; `None`: nothing yet.
    pub fn problem(&self) -> Option<SessionProblem> {
        self.stopped_at.map(|_| self.refusal.problem())
    }
}
