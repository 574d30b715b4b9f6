//! Why a message does not go right now, and what ends the wait (design §1, promise 5).

use serde::{Deserialize, Serialize};

use crate::Timestamp;

text_enum! {
    /// The reason of a wait, one for each rule that can make a message wait.
    pub enum WaitReason("wait reason") {
        /// Rule of consent: the contact has not written on this session.
        GuestHasNotWritten = "guest_has_not_written",
        /// The contact was taken apart from the account's own number, and has not written since.
        IdentityUnconfirmed = "identity_unconfirmed",
        /// The session is paused by a person.
        SessionPaused = "session_paused",
        /// The session is locked after a restriction by WhatsApp.
        SessionLocked = "session_locked",
        /// WhatsApp has capped the messages of this number, and this message is an announcement.
        AnnouncementsCapped = "announcements_capped",
        /// WhatsApp warned that this number sends too many messages: half of the hour's or the day's budget is used.
        CappingWarning = "capping_warning",
        /// WhatsApp refused the last message to this contact, and only to this contact.
        ContactRefused = "contact_refused",
        /// The session waits for a QR scan.
        SessionNeedsScan = "session_needs_scan",
        /// The session is reconnecting.
        SessionConnecting = "session_connecting",
        /// WAHA does not answer or is too old, or the session is stopped inside it.
        SessionAway = "session_away",
        /// WAHA refuses the key.
        KeyRefused = "key_refused",
        /// The own number is linked to another session too.
        SameNumber = "same_number",
        /// The message is scheduled.
        NotBefore = "not_before",
        /// Its last moment has passed, unless the clock, which was set forward lately, is wrong.
        ClockUncertain = "clock_uncertain",
        /// The hour's budget is used.
        HourLimit = "hour_limit",
        /// The day's budget is used.
        DayLimit = "day_limit",
        /// The pause after the last send.
        Gap = "gap",
        /// This contact got a message a short while ago.
        CoolDown = "cool_down",
        /// This contact got its share of this hour.
        ContactHourLimit = "contact_hour_limit",
        /// Too many messages in a row without an answer.
        UnansweredLimit = "unanswered_limit",
        /// The contact's last word is old and today's share of such contacts is used.
        ContactCold = "contact_cold",
        /// Night.
        QuietHours = "quiet_hours",
        /// A spouse is writing with this contact by hand.
        HandTyped = "hand_typed",
        /// An earlier message to this contact is uncertain.
        EarlierUncertain = "earlier_uncertain",
        /// An earlier message to this contact is on its way.
        EarlierOpen = "earlier_open",
        /// WAHA refused the last sends of the session.
        SendsRefused = "sends_refused",
        /// The last try of this message was refused before it was sent.
        BackOff = "back_off",
        /// Compositions of this message were abandoned again and again.
        Abandoned = "abandoned",
        /// The contact may have asked to be left alone: somebody has to look.
        ContactSuspended = "contact_suspended",
        /// Put aside for a person: after a restore, or an older broadcast at first contact.
        PutAside = "put_aside",
        /// The broadcast that it is a copy of is paused by a person.
        BroadcastPaused = "broadcast_paused",
    }
}

text_enum! {
    /// An event that ends a wait.
    pub enum AwaitedEvent("awaited event") {
        /// The contact writes on this session.
        ContactWrites = "contact_writes",
        /// The session is connected again.
        SessionConnects = "session_connects",
        /// The message that is being sent to this contact ends.
        EarlierEnds = "earlier_ends",
    }
}

text_enum! {
    /// What a person has to do to end a wait.
    pub enum AwaitedPerson("awaited person") {
        /// Resume the session.
        Resume = "resume",
        /// Unlock the session.
        Unlock = "unlock",
        /// Scan the QR code.
        Scan = "scan",
        /// Correct the key in the configuration.
        FixKey = "fix_key",
        /// Log out one of the sessions that the own number is linked to.
        Unlink = "unlink",
        /// Read what the contact wrote, and let automatic messages go on or opt the contact out.
        DecideContact = "decide_contact",
        /// Confirm that the contact is the person that it is known as.
        ConfirmContact = "confirm_contact",
        /// Look at this message and send it now, edit it or cancel it.
        Review = "review",
        /// Look at WAHA, then press "Try again".
        TryAgain = "try_again",
        /// Resume the broadcast, or cancel the rest of it.
        ResumeBroadcast = "resume_broadcast",
    }
}

/// What ends a wait: a time, an event or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// At this time, as far as is known now.
    At(Timestamp),
    /// When this happens.
    Event(AwaitedEvent),
    /// When a person does this.
    Person(AwaitedPerson),
}

/// A wait: its reason and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Why.
    pub reason: WaitReason,
    /// Until when, what or whom.
    pub ends: Ends,
}

impl Wait {
    /// A wait that ends at a time.
    pub const fn at(reason: WaitReason, at: Timestamp) -> Self {
        Self {
            reason,
            ends: Ends::At(at),
        }
    }

    /// A wait that ends with an event.
    pub const fn event(reason: WaitReason, event: AwaitedEvent) -> Self {
        Self {
            reason,
            ends: Ends::Event(event),
        }
    }

    /// A wait that a person ends.
    pub const fn person(reason: WaitReason, person: AwaitedPerson) -> Self {
        Self {
            reason,
            ends: Ends::Person(person),
        }
    }
}

impl WaitReason {
    /// Whether the wait belongs to the session, so that every automatic message of it waits alike.
    /// Such waits are never written to the rows: a million rows must not be touched because it is night.
    pub const fn is_of_session(self) -> bool {
        matches!(
            self,
            Self::SessionPaused
                | Self::SessionLocked
                | Self::SessionNeedsScan
                | Self::SessionConnecting
                | Self::SessionAway
                | Self::KeyRefused
                | Self::SendsRefused
                | Self::SameNumber
                | Self::CappingWarning
                | Self::HourLimit
                | Self::DayLimit
                | Self::Gap
                | Self::QuietHours
        )
    }

    /// Whether messages wait for one share together, though each by itself. None of them is composed before it is free: whichever had
    /// the longest text would take it, and none could be told its day.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::ContactCold)
    }

    /// Whether the message is tried again when the wait is over: later automatic messages to the contact wait for that.
    pub const fn is_retry(self) -> bool {
        matches!(self, Self::BackOff | Self::Abandoned)
    }

    /// Why a later message waits for one that waits for this reason.
    #[must_use]
    pub const fn of_later(self) -> Self {
        if self.is_retry() {
            Self::EarlierOpen
        } else {
            self
        }
    }

    /// One English sentence for people. The page has its own, per language.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::GuestHasNotWritten => {
                "The guest has not written to this number yet; the message goes after they do."
            }
            Self::IdentityUnconfirmed => {
                "WAHA had mixed up this contact with the own number; the message goes when they write again or a person confirms the contact."
            }
            Self::SessionPaused => "Sending is paused; somebody has to resume it.",
            Self::SessionLocked => {
                "WhatsApp restricted this number, so sending is locked for a while."
            }
            Self::AnnouncementsCapped => {
                "WhatsApp capped the messages of this number: announcements wait until its count starts anew."
            }
            Self::CappingWarning => {
                "WhatsApp warned that this number sends too many messages: only half as many may go, and these are used up for now."
            }
            Self::ContactRefused => {
                "WhatsApp refused the last message to this contact. After a day it is tried once more, then somebody decides."
            }
            Self::SessionNeedsScan => "The phone is not linked; somebody has to scan the QR code.",
            Self::SessionConnecting => "The connection to WhatsApp is being restored.",
            Self::SessionAway => "WAHA is not reachable or too old, or its session is stopped.",
            Self::KeyRefused => {
                "WAHA refuses the key; it has to be corrected in the configuration."
            }
            Self::SameNumber => {
                "This number is linked to two sessions; somebody has to log one of them out."
            }
            Self::NotBefore => "The message is scheduled for later.",
            Self::ClockUncertain => {
                "The clock of this machine was set forward: whether the last moment has passed is not certain."
            }
            Self::HourLimit => "This hour's messages are used up.",
            Self::DayLimit => "Today's messages are used up.",
            Self::Gap => "A pause after the last message, as a person would make.",
            Self::CoolDown => "This contact got a message a short while ago.",
            Self::ContactHourLimit => "This contact got as many messages as one hour allows.",
            Self::UnansweredLimit => {
                "The contact has not answered the last messages; the next goes when they write."
            }
            Self::ContactCold => {
                "The contact wrote long ago, and only a few such contacts are written to each day."
            }
            Self::QuietHours => "It is night for the guests.",
            Self::HandTyped => "Somebody is writing with this contact by hand right now.",
            Self::EarlierUncertain => "An earlier message to this contact may have arrived.",
            Self::EarlierOpen => "An earlier message to this contact is being sent.",
            Self::SendsRefused => {
                "WAHA refused the last messages, so nothing is sent; see the problem of the session."
            }
            Self::BackOff => "WAHA refused the last try; the next one follows after a pause.",
            Self::Abandoned => "Several tries ended before sending; somebody should look at it.",
            Self::ContactSuspended => {
                "The contact may want no more messages; somebody should read what they wrote and decide."
            }
            Self::PutAside => "The message was put aside for somebody to look at.",
            Self::BroadcastPaused => "Its broadcast is paused; somebody has to resume it.",
        }
    }
}
