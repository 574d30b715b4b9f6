//! What can be made to go wrong, how often, and for whom. Nothing misbehaves unless it was asked to.

mod switches;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use self::switches::Switches;

/// One way of misbehaving. Durations are milliseconds in JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Misbehaviour {
    /// A send waits this long before WhatsApp gets it.
    SlowToAccept {
        /// How long.
        #[serde(with = "millis", rename = "delay_ms")]
        delay: Duration,
    },
    /// A send is accepted at once and answered this much later.
    SlowToAnswer {
        /// How long.
        #[serde(with = "millis", rename = "delay_ms")]
        delay: Duration,
    },
    /// A send is never accepted and never answered.
    HangBeforeAccepting,
    /// A send is accepted and never answered.
    HangAfterAccepting,
    /// The connection breaks before WhatsApp gets the message.
    DropBeforeAccepting,
    /// The connection breaks after WhatsApp got the message.
    DropAfterAccepting,
    /// 500 with the engine's words, and the message did not go out.
    FailBeforeAccepting {
        /// `exception.message`, e.g. `Timed Out`.
        message: String,
    },
    /// 500 with the engine's words, and the message went out.
    FailAfterAccepting {
        /// `exception.message`, e.g. `Timed Out`.
        message: String,
    },
    /// A send is answered with this status, and the message did not go out: 400, 403, 422, 429, …
    RefuseBeforeAccepting {
        /// HTTP status.
        status: u16,
    },
    /// Error 463, with or without a time-lock of the account: 500 `server returned error 463` on GOWS and WEBJS, 201 and then ack −1 on NOWEB (WAHA §4.7).
    Restricted,
    /// 500 `no LID found for …`: the number is not reachable.
    NoLid,
    /// 201, never delivered, then ack −1.
    RefusedByWhatsApp,
    /// 201, never delivered, and no ack ever.
    StaysPending,
    /// 201, WhatsApp confirms that it has the message, and it is never delivered (#2274).
    StaysAtServer,
    /// The calls for the time-lock and the capping are answered with this status.
    RestrictionsUnreadable {
        /// HTTP status.
        status: u16,
    },
    /// The calls for the time-lock and the capping are never answered.
    RestrictionsHang,
    /// 201 and the message goes out, but the answer holds no id anywhere.
    AnswerWithoutId,
    /// Reading chats and messages answers 500; towards one guest, reading the messages of that chat.
    ReadsFail,
    /// Seen, typing and presence calls answer 500.
    SignsFail,
    /// Going offline answers 500, and the account stays online.
    OfflineFails,
    /// Own messages appear in reads only this much later.
    StoreLags {
        /// How long.
        #[serde(with = "millis", rename = "by_ms")]
        by: Duration,
    },
    /// Media of received messages cannot be fetched: the event is held back for 12 s.
    MediaUnreachable,
    /// A webhook is never posted, with this chance.
    WebhooksLost {
        /// Between 0 and 1.
        chance: f64,
    },
    /// Of a guest who was never heard of before, the first message is not told at all.
    FirstMessageOfChatLost,
    /// A webhook is posted twice, byte for byte the same, with this chance.
    WebhooksDoubled {
        /// Between 0 and 1.
        chance: f64,
    },
    /// A webhook is posted this much later.
    WebhooksLate {
        /// How long.
        #[serde(with = "millis", rename = "delay_ms")]
        delay: Duration,
    },
    /// Each webhook is posted at a random moment within this time, so that their order is lost.
    WebhooksShuffled {
        /// How long.
        #[serde(with = "millis", rename = "within_ms")]
        within: Duration,
    },
    /// Webhooks are kept and then all posted at once when this misbehaviour is taken back.
    WebhooksHeldBack,
    /// A webhook comes without its signature.
    WebhooksUnsigned,
    /// A webhook comes with a signature that does not match.
    WebhooksBadlySigned,
    /// FAILED says that the phone was unlinked or that the QR codes were used up, in whatsmeow's words. No release was seen to.
    FailuresSayWhy,
    /// The owner does not scan by itself (`scans_itself_after`).
    NobodyScans,
    /// Every key is refused.
    WrongKey,
    /// Every connection breaks without an answer.
    Away,
}

impl Misbehaviour {
    /// The next `times` occasions.
    pub fn times(self, times: u32) -> Switch {
        Switch {
            times: Some(times),
            ..Switch::from(self)
        }
    }

    /// Every occasion until it is taken back.
    pub fn always(self) -> Switch {
        Switch {
            times: None,
            ..Switch::from(self)
        }
    }

    pub(crate) const fn is_send_fate(&self) -> bool {
        matches!(
            self,
            Self::HangBeforeAccepting
                | Self::HangAfterAccepting
                | Self::DropBeforeAccepting
                | Self::DropAfterAccepting
                | Self::FailBeforeAccepting { .. }
                | Self::RefuseBeforeAccepting { .. }
                | Self::FailAfterAccepting { .. }
                | Self::Restricted
                | Self::NoLid
                | Self::RefusedByWhatsApp
                | Self::StaysPending
                | Self::StaysAtServer
                | Self::AnswerWithoutId
        )
    }
}

/// A misbehaviour, how often it happens and for whom. A bare [`Misbehaviour`] happens once, for anybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switch {
    #[serde(flatten)]
    pub(crate) what: Misbehaviour,
    /// None is always; absent in JSON is once.
    #[serde(default = "once")]
    pub(crate) times: Option<u32>,
    /// Only this guest's number or hidden id.
    #[serde(default)]
    pub(crate) towards: Option<String>,
    /// Only webhooks of this event.
    #[serde(default)]
    pub(crate) event: Option<String>,
}

impl Switch {
    /// Only for the chat with this number (digits; or the digits of a hidden id).
    #[must_use]
    pub fn towards(mut self, number: impl Into<String>) -> Self {
        self.towards = Some(number.into());
        self
    }

    /// Only for webhooks of this event, e.g. `message.any`.
    #[must_use]
    pub fn of_event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }
}

impl From<Misbehaviour> for Switch {
    fn from(what: Misbehaviour) -> Self {
        Self {
            what,
            times: once(),
            towards: None,
            event: None,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the default of an optional field")]
const fn once() -> Option<u32> {
    Some(1)
}

mod millis {
    //! Durations in JSON, as whole milliseconds.

    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
