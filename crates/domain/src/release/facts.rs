//! What the rules look at. Storage reads these in one transaction; nothing here is computed from the clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    broadcast::BroadcastState,
    chat_id::ChatId,
    ids::{ContactId, ConversationMessageId},
    lane::{Lane, ReleaseLane},
    phone_number::PhoneNumber,
    session::SessionState,
    wait::{AwaitedPerson, Wait, WaitReason},
};

use super::{Gaps, Outage};

/// All that one decision looks at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The session that would send.
    pub session: &'a SessionFacts,
    /// The contact that would receive.
    pub contact: &'a ContactFacts,
    /// The message.
    pub message: &'a MessageFacts,
}

/// A lock after a restriction. The greater holds longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// Until this time.
    Until(Timestamp),
    /// Until a person unlocks.
    Person,
}

text_enum! {
    /// What WhatsApp says of the messages that an account may still send (WAHA §2.6). The greater restricts more.
    pub enum CappingLevel("capping level") {
        /// It warned once.
        FirstWarning = "first_warning",
        /// It warned twice.
        SecondWarning = "second_warning",
        /// The quota is used.
        Capped = "capped",
    }
}

/// A capping of an account's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capping {
    /// How far it goes.
    pub level: CappingLevel,
    /// When WhatsApp's count starts anew.
    pub until: Timestamp,
}

/// Error 463 for one contact while the account was free, since the last message that was accepted or that the contact wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactRefusal {
    /// When WhatsApp refused last.
    pub at: Timestamp,
    /// How often it refused.
    pub times: u32,
}

/// After so long a message to a refused contact is tried once more (judged).
const CONTACT_RESTS: Duration = Duration::from_hours(24);

impl ContactRefusal {
    /// What messages to the contact wait for at `now`.
    pub fn wait(&self, now: Timestamp) -> Option<Wait> {
        if self.times > 1 {
            let reason = WaitReason::ContactRefused;
            return Some(Wait::person(reason, AwaitedPerson::Review));
        }
        let until = self.at + CONTACT_RESTS;
        (until > now).then_some(Wait::at(WaitReason::ContactRefused, until))
    }
}

/// One slot that was taken from the budget in the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastSend {
    /// The contact it went to.
    pub contact: ContactId,
    /// The lane it was counted in.
    pub lane: ReleaseLane,
    /// When WAHA's answer came, the latest moment it can have left. `None`: it is still open and counts as now.
    pub at: Option<Timestamp>,
    /// Whether the contact was cold.
    pub cold: bool,
}

/// The session's part.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state"
)]
pub struct SessionFacts {
    /// Connected or not.
    pub state: SessionState,
    /// WAHA refuses our key.
    pub key_refused: bool,
    /// A person paused it.
    pub paused: bool,
    /// Its own number is locked after a restriction.
    pub lock: Option<Lock>,
    /// The lock holds replies too: one was refused, or several contacts were.
    pub replies_locked: bool,
    /// What WhatsApp says of the messages that its own number may still send.
    pub capping: Option<Capping>,
    /// The own number that is linked; `None`: none, or it is not known which.
    pub own_number: Option<PhoneNumber>,
    /// Another session is linked to the same number.
    pub shares_number: bool,
    /// When the own number it has now was first connected.
    pub first_connected_at: Option<Timestamp>,
    /// The failed sends since the last success.
    pub outage: Option<Outage>,
    /// What its own number sent in the last day, from whichever session.
    pub sends: Vec<PastSend>,
    /// Tries of its own number in the last day that ended without a send and count against the hour: refused sends, a connected session
    /// that did not answer, and compositions that had begun.
    pub unsent: Vec<PastSend>,
    /// What the spouse typed to guests by hand in the last day.
    pub hand_typed: Vec<Timestamp>,
    /// The pauses drawn when the last send of its own number ended.
    pub gaps: Gaps,
    /// The clock was set forward lately, and may be wrong.
    pub clock_doubt: Option<ClockDoubt>,
}

/// A clock that may be ahead of the true time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockDoubt {
    /// By so much.
    pub ahead: Duration,
    /// Then it is believed.
    pub until: Timestamp,
}

/// The newest direct inbound message of a contact on a session: the proof that they wrote, and where to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The stored message.
    pub id: ConversationMessageId,
    /// The chat it came from: the destination.
    pub chat: ChatId,
    /// When it was written, as this machine's clock tells it since it was last set.
    pub at: Timestamp,
}

/// The contact's part, on one session unless said otherwise.
#[derive(Debug, Clone)]
pub struct ContactFacts {
    /// Who.
    pub contact: ContactId,
    /// That they wrote; `None`: they did not.
    pub evidence: Option<Evidence>,
    /// Their chats had been mixed up with the account's own, and neither a word of theirs nor a person has told since who they are.
    pub identity_unconfirmed: bool,
    /// Opted out, on every session.
    pub opted_out_at: Option<Timestamp>,
    /// When they wrote something that may mean "no more", and nobody has decided since.
    pub suspended_at: Option<Timestamp>,
    /// WhatsApp refused the last message to them, and only to them.
    pub refused: Option<ContactRefusal>,
    /// When each message of the last [`super::UNANSWERED_WITHIN`] was sent that no message or reaction of theirs has answered.
    pub unanswered: Vec<Timestamp>,
    /// When the spouse last typed to them by hand.
    pub hand_typed_at: Option<Timestamp>,
    /// What was sent to them on any session in the last day or week, as far as the cool-down reaches.
    pub sends: Vec<PastSend>,
    /// When the newest send on any session ended, however long ago.
    pub last_out_at: Option<Timestamp>,
    /// Since when the newest of the uncertain messages to them is uncertain. Each of them holds later ones for a while of
    /// its own (design §5, order), so the newest doubt holds longest.
    pub uncertain_since: Option<Timestamp>,
    /// Another message to them is composing or sending.
    pub open: bool,
}

impl ContactFacts {
    /// A contact of whom nothing is known but when they wrote last, as [`super::Rulebook::of_session`] looks at them.
    pub fn who_wrote(contact: ContactId, evidence: Option<Evidence>) -> Self {
        Self {
            contact,
            evidence,
            identity_unconfirmed: false,
            opted_out_at: None,
            suspended_at: None,
            refused: None,
            unanswered: Vec::new(),
            hand_typed_at: None,
            sends: Vec::new(),
            last_out_at: None,
            uncertain_since: None,
            open: false,
        }
    }
}

/// The message's part.
#[derive(Debug, Clone)]
pub struct MessageFacts {
    /// The lane it was queued in.
    pub lane: Lane,
    /// A person said: now.
    pub send_now: bool,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this.
    pub not_after: Option<Timestamp>,
    /// Cancel when the contact writes.
    pub drop_if_answered: bool,
    /// When the inbound message that it answers was written.
    pub answers_at: Option<Timestamp>,
    /// Where the broadcast that it is a copy of is in its life; `None`: it is no copy, or of one that we know by its id only.
    pub broadcast: Option<BroadcastState>,
}

impl Facts<'_> {
    /// The lane whose limits hold at `now`.
    pub fn lane(&self, now: Timestamp) -> ReleaseLane {
        self.message.lane.release_lane(self.last_in_at(), now)
    }

    /// Whether the contact's last word is so old that it counts as cold; a reservation is marked with it.
    pub fn is_cold(&self, rules: &super::ReleaseRules, now: Timestamp) -> bool {
        self.last_in_at()
            .is_some_and(|at| at + rules.cold_after < now)
    }

    /// Whether a wait of the session holds this message at `at`, while others of its rank may go.
    pub fn waits_alone(&self, reason: WaitReason, at: Timestamp) -> bool {
        match (reason, self.lane(at)) {
            // A fresh reply may go at night.
            (WaitReason::QuietHours, ReleaseLane::Reply) => true,
            // A time-lock lets replies go, and both lanes have messages to be sent now.
            (WaitReason::SessionLocked, ReleaseLane::Automatic) => {
                self.message.send_now && !self.session.replies_locked
            }
            _ => false,
        }
    }

    /// When the contact wrote last on this session.
    pub fn last_in_at(&self) -> Option<Timestamp> {
        self.contact.evidence.as_ref().map(|evidence| evidence.at)
    }
}
