//! What an answer outside 2xx says, read from any of WAHA's error shapes (WAHA §4.6, A to G).
//!
//! Shape F echoes the request, the guest's text and number included: of it only `exception.message`
//! is ever read. A complaint states what was *said*; what that proves about a send is decided in
//! `sending`.

use serde::Deserialize;
use serde_json::Value;

use crate::cleaning::cleaned;
use crate::lenient;

/// The longest text kept of a complaint, in characters.
const LONGEST: usize = 200;
/// A run of at least this many digits may be a phone number or a LID.
const PHONE_LIKE: usize = 6;
const WRONG_STATUS_FOR_CODE: &str = "Can request code only in";

/// A non-2xx answer.
pub(crate) struct Complaint {
    pub(crate) status: u16,
    pub(crate) meaning: Meaning,
    /// For people: shortened, and without phone-like digits.
    pub(crate) message: String,
    /// `exception.message` as it came; to be matched, never shown.
    pub(crate) exception: String,
}

/// What the server complains of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The key is missing, wrong, or has not the right.
    KeyRefused,
    /// The session is not in the status this call needs.
    SessionAway { status: Option<String> },
    /// There is no such session, or it is not running and the call does not wait for it.
    SessionMissing,
    /// A free version before 2026.6.1, which takes only the session named `default`.
    OnlyDefaultSession,
    /// This version has no such call.
    NoRoute,
    /// The thing asked for is not there.
    NotFound,
    /// The engine or the edition lacks the call.
    NotImplemented,
    /// The NOWEB message store is off in the running session.
    StoreOff,
    /// Anything else.
    Other,
}

/// All members that any error shape has.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    message: Value,
    #[serde(deserialize_with = "lenient::or_none")]
    error: Option<String>,
    #[serde(deserialize_with = "lenient::or_none")]
    detail: Option<String>,
    #[serde(deserialize_with = "lenient::or_none")]
    status: Option<String>,
    #[serde(deserialize_with = "lenient::or_none")]
    expected: Option<Vec<Value>>,
    exception: Value,
}

impl Complaint {
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let body: Body = serde_json::from_slice(&cleaned(body)).unwrap_or_default();
        let exception = lenient::text_at(&body.exception, &["message"])
            .unwrap_or_default()
            .to_owned();
        let said = body.said(&exception);
        Self {
            status,
            meaning: body.meaning(status, &said),
            message: presentable(&said),
            exception,
        }
    }

    /// Stands for a request that could not even be built.
    pub(crate) fn unsendable() -> Self {
        Self {
            status: 400,
            meaning: Meaning::Other,
            message: "the request could not be built".to_owned(),
            exception: String::new(),
        }
    }
}

impl Body {
    /// The one sentence of the answer, wherever its shape keeps it.
    fn said(&self, exception: &str) -> String {
        if !exception.is_empty() {
            return exception.to_owned();
        }
        match &self.message {
            Value::String(text) => return text.clone(),
            Value::Array(texts) => {
                let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
                return texts.join("; ");
            }
            _ => {}
        }
        self.detail
            .clone()
            .or_else(|| self.error.clone())
            .unwrap_or_default()
    }

    fn meaning(&self, status: u16, said: &str) -> Meaning {
        match status {
            401 | 403 => Meaning::KeyRefused,
            404 if said.starts_with("Cannot ") => Meaning::NoRoute,
            404 if said.starts_with("Session not found")
                || said.starts_with("We didn't find a session") =>
            {
                Meaning::SessionMissing
            }
            404 => Meaning::NotFound,
            422 => self.unprocessable(said),
            400 if said.starts_with("Enable NOWEB store") => Meaning::StoreOff,
            501 => Meaning::NotImplemented,
            _ => Meaning::Other,
        }
    }

    fn unprocessable(&self, said: &str) -> Meaning {
        if self.expected.is_some() || said.starts_with("Session status is not as expected") {
            Meaning::SessionAway {
                status: self.status.clone(),
            }
        } else if said.starts_with(WRONG_STATUS_FOR_CODE) {
            Meaning::SessionAway {
                status: said.split_whitespace().last().map(str::to_owned),
            }
        } else if said.starts_with("Session \"") && said.ends_with("does not exist") {
            Meaning::SessionMissing
        } else if said.contains("only 'default' session") {
            Meaning::OnlyDefaultSession
        } else if said.contains("only in Plus version") {
            Meaning::NotImplemented
        } else {
            Meaning::Other
        }
    }
}

/// Cuts what may be a phone number out of a server's text, and shortens it.
fn presentable(said: &str) -> String {
    let mut shown = String::new();
    let mut rest = said;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        shown.push_str(before);
        shown.push_str(if digits.len() < PHONE_LIKE {
            digits
        } else {
            "…"
        });
        rest = after;
    }
    shown.push_str(rest);
    shown.chars().take(LONGEST).collect()
}
