//! What each possible answer to a send proves (WAHA §4.6, §4.7; design §5).
//!
//! The rule that must hold: everything but [`SendAnswer::Accepted`] and [`SendAnswer::Unclear`]
//! *proves* that nothing was sent. Whatever is not known to prove that is `Unclear`.

use bytes::Bytes;
use chassis::outbound::CallError;
use serde_json::Value;

use crate::answer::{Complaint, Meaning};
use crate::chat_id::ChatId;
use crate::cleaning::cleaned;
use crate::client::Failure;
use crate::lenient::text_at;
use crate::message_id::{MessageId, id_text, raw_id};

/// What came of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendAnswer {
    /// The engine took it. Not a proof of delivery; never send it again.
    Accepted {
        /// The raw id it got, where the answer can be read.
        raw_id: Option<String>,
        /// The chat it went to, which may be the `@lid` of the `@c.us` asked for.
        chat_id: Option<ChatId>,
    },
    /// Not sent: no connection, nothing was written.
    Refused,
    /// Not sent: the session is in another status than WORKING.
    SessionAway {
        /// That status.
        status: Option<String>,
    },
    /// Not sent: there is no such session.
    SessionMissing,
    /// Not sent: the API key is missing, wrong or lacks the right.
    KeyRefused,
    /// Not sent: the request is wrong for this server. Our fault.
    BadRequest {
        /// HTTP status.
        status: u16,
    },
    /// Not sent: 429, or a 4xx without another meaning. Slow down, then try again.
    SlowDown {
        /// HTTP status.
        status: u16,
    },
    /// Not sent: WhatsApp restricts the account (error 463, a time-lock). Stop, never retry.
    Restricted,
    /// Not sent: the number is not on WhatsApp, or cannot be resolved.
    NoLid,
    /// Nothing is proven: it may have been sent.
    Unclear {
        /// What happened instead of an answer.
        what: UnclearKind,
    },
}

/// Why a send is unclear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnclearKind {
    /// An answer that says nothing on whether the message left.
    Answered {
        /// HTTP status.
        status: u16,
        /// What it said: at most 200 characters, runs of six or more digits cut out.
        message: String,
    },
    /// No answer in time.
    TimedOut,
    /// The connection broke after the request was written.
    Broken,
}

impl SendAnswer {
    pub(super) fn of(answer: Result<Bytes, Failure>) -> Self {
        match answer {
            Ok(body) => accepted(&body),
            Err(Failure::UnsendableKey) => Self::KeyRefused,
            Err(Failure::NoAnswer(error)) => unanswered(&error),
            Err(Failure::Complaint(complaint)) => refused(complaint),
        }
    }
}

/// Reads a 2xx answer, which has another shape on each engine (WAHA §4.4). One that cannot be read
/// is accepted all the same: the status said so.
fn accepted(body: &Bytes) -> SendAnswer {
    let answer: Value = serde_json::from_slice(&cleaned(body)).unwrap_or_default();
    let text = answer
        .get("id")
        .and_then(id_text)
        .or_else(|| text_at(&answer, &["key", "id"]))
        .or_else(|| answer.pointer("/_data/id").and_then(id_text))
        .or_else(|| text_at(&answer, &["_data", "Info", "ID"]));
    let chat_id = text
        .and_then(MessageId::parse)
        .map(|id| id.chat)
        .or_else(|| {
            text_at(&answer, &["key", "remoteJid"])
                .or_else(|| text_at(&answer, &["id", "remote"]))
                .or_else(|| text_at(&answer, &["_data", "Info", "Chat"]))
                .map(ChatId::new)
        });
    SendAnswer::Accepted {
        raw_id: text.map(raw_id).map(str::to_owned),
        chat_id,
    }
}

fn unanswered(error: &CallError) -> SendAnswer {
    let what = match error {
        CallError::Refused { .. } => return SendAnswer::Refused,
        CallError::TimedOut => UnclearKind::TimedOut,
        CallError::Broken { .. } => UnclearKind::Broken,
    };
    SendAnswer::Unclear { what }
}

fn refused(complaint: Complaint) -> SendAnswer {
    let Complaint {
        status, message, ..
    } = complaint;
    match complaint.meaning {
        Meaning::KeyRefused => SendAnswer::KeyRefused,
        Meaning::SessionAway { status } => SendAnswer::SessionAway { status },
        Meaning::SessionMissing | Meaning::OnlyDefaultSession => SendAnswer::SessionMissing,
        Meaning::NoRoute | Meaning::NotImplemented | Meaning::StoreOff => {
            SendAnswer::BadRequest { status }
        }
        Meaning::NotFound => SendAnswer::SlowDown { status },
        Meaning::Other if status == 500 && says_restricted(&complaint.exception) => {
            SendAnswer::Restricted
        }
        Meaning::Other if status == 500 && says_no_lid(&complaint.exception) => SendAnswer::NoLid,
        Meaning::Other if status == 400 => SendAnswer::BadRequest { status },
        // 408 is a go-between's word on a request it may have passed on
        Meaning::Other if (400..500).contains(&status) && status != 408 => {
            SendAnswer::SlowDown { status }
        }
        Meaning::Other => SendAnswer::Unclear {
            what: UnclearKind::Answered { status, message },
        },
    }
}

/// Error 463 or a time-lock, in the engine's words: `2 UNKNOWN: server returned error 463`.
///
/// The number counts only as the number of an error. "Timed out after 463 ms" proves nothing.
fn says_restricted(exception: &str) -> bool {
    let lower = exception.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let error_463 = words.first() == Some(&"463")
        || words
            .windows(2)
            .any(|pair| pair[1] == "463" && matches!(pair[0], "error" | "code" | "status"));
    let time_lock = words.windows(2).any(|pair| pair == ["time", "lock"])
        || words
            .iter()
            .any(|word| matches!(*word, "timelock" | "timelocked" | "reachouttimelock"));
    error_463 || time_lock
}

/// The engines' ways to say that a number has no hidden id, and so is not on WhatsApp (WAHA §4.7).
fn says_no_lid(exception: &str) -> bool {
    const WAYS: [&str; 3] = [
        "no LID found for",
        "No LID for user",
        "Lid is missing in chat table",
    ];
    WAYS.iter().any(|way| exception.contains(way))
}
