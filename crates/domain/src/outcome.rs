//! What an answer to the one `send` call proves (design §5, WAHA §4.6–4.7). The only place that decides it.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, release::Refusal, wait::WaitReason};

/// What came back from the one call to WAHA, classified by the integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum SendAnswer {
    /// 201. The id is missing when the answer's shape was not one we can read.
    Accepted {
        /// WhatsApp's raw id of the message.
        raw_id: Option<String>,
    },
    /// The integration never made the call, and never will for this attempt.
    NeverCalled,
    /// The integration did not make the call: another own number is linked than that of the attempt.
    OtherNumber,
    /// No byte was written: connection refused.
    ConnectionRefused,
    /// 422: the session is not in the status it would need; or the call was not made, because its number could not be read.
    SessionAway,
    /// The session does not exist inside WAHA.
    SessionMissing,
    /// 401 or 403.
    KeyRefused,
    /// 429, or a 4xx without another meaning.
    SlowDown,
    /// 400, 501, or 404 on the route.
    BadRequest,
    /// 500 with error 463 or a time-lock, and a time-lock is in force. One that could not be read counts as in force.
    Restricted {
        /// When the time-lock ends, if WhatsApp named an end.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// 500 with error 463, and no time-lock is in force: WhatsApp refuses this contact only.
    ContactRefused,
    /// 500 "no LID found".
    NoLid,
    /// Other 500s, timeouts, resets, a lost integration.
    Unclear,
}

text_enum! {
    /// Why a message failed for good.
    pub enum FailureReason("failure reason") {
        /// WAHA did not understand us.
        BadRequest = "bad_request",
        /// WhatsApp restricted the account. Earlier versions stored it: such a message waits today.
        AccountRestricted = "account_restricted",
        /// The contact cannot be reached on WhatsApp.
        NotReachable = "not_reachable",
        /// WhatsApp refused the message after accepting it (ack −1).
        RefusedByWhatsapp = "refused_by_whatsapp",
        /// A person said that it had arrived, and a late answer proves that it was never sent.
        NotSent = "not_sent",
    }
}

impl FailureReason {
    /// What to do about the message, in one English sentence. The page has its own, per language.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::BadRequest => {
                "WAHA rejected the message as a bad request: look at WAHA's log and version, then `…/retry`."
            }
            Self::AccountRestricted => {
                "WhatsApp restricted this number, and the message was not sent: `…/retry` once the restriction is over."
            }
            Self::NotReachable => {
                "This number cannot be reached on WhatsApp: check it, or reach the guest in another way."
            }
            Self::RefusedByWhatsapp => {
                "WhatsApp refused the message after it had left, so the guest does not have it: ask the guest to write to you, or write from the phone itself. Once the guest has written, `…/retry`."
            }
            Self::NotSent => {
                "A person said that it had arrived, but it was never sent: `…/retry` if the guest does not have it."
            }
        }
    }
}

/// What an answer means for the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// It was accepted.
    Sent {
        /// WhatsApp's raw id, when known.
        raw_id: Option<String>,
    },
    /// Provably not sent, because the session was away: back to pending, no attempt used.
    Away(WaitReason),
    /// Provably not sent, and not because of the message: back to pending, no attempt used, the next try after a pause.
    SlowDown,
    /// Provably not sent, because WhatsApp restricts the account: back to pending until the lock ends.
    Restricted {
        /// When the time-lock ends, if WhatsApp named an end.
        until: Option<Timestamp>,
    },
    /// Provably not sent, because WhatsApp refuses this contact: back to pending, one more try later.
    ContactRefused,
    /// Provably not sent, and trying again by itself would not help.
    Failed(FailureReason),
    /// Nothing is proven.
    Unknown,
}

impl Meaning {
    /// Whether nothing was sent.
    pub const fn proves_not_sent(&self) -> bool {
        !matches!(self, Self::Sent { .. } | Self::Unknown)
    }
}

impl SendAnswer {
    /// The meaning of this answer.
    pub fn meaning(&self) -> Meaning {
        match self {
            Self::Accepted { raw_id } => Meaning::Sent {
                raw_id: raw_id.clone(),
            },
            Self::NeverCalled
            | Self::ConnectionRefused
            | Self::SessionAway
            | Self::SessionMissing => Meaning::Away(WaitReason::SessionAway),
            // Until the session is seen again, with the number that it has now.
            Self::OtherNumber => Meaning::Away(WaitReason::SessionConnecting),
            Self::KeyRefused => Meaning::Away(WaitReason::KeyRefused),
            Self::SlowDown => Meaning::SlowDown,
            Self::BadRequest => Meaning::Failed(FailureReason::BadRequest),
            Self::Restricted { until } => Meaning::Restricted { until: *until },
            Self::ContactRefused => Meaning::ContactRefused,
            Self::NoLid => Meaning::Failed(FailureReason::NotReachable),
            Self::Unclear => Meaning::Unknown,
        }
    }

    /// The failure that this answer is for the circuit breaker; `None`: it says nothing about other sends.
    pub const fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::ConnectionRefused | Self::SessionAway | Self::SessionMissing => {
                Some(Refusal::SessionAway)
            }
            Self::KeyRefused => Some(Refusal::KeyRefused),
            Self::SlowDown => Some(Refusal::SlowDown),
            Self::BadRequest => Some(Refusal::BadRequest),
            Self::Unclear => Some(Refusal::Unclear),
            Self::Accepted { .. }
            | Self::NeverCalled
            | Self::OtherNumber
            | Self::Restricted { .. }
            | Self::ContactRefused
            | Self::NoLid => None,
        }
    }
}
