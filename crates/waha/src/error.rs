//! Why a call other than a send did not give what was asked.
//!
//! (A send has no error: each of its outcomes is a [`crate::SendAnswer`].)

use chassis::outbound::CallError;
use thiserror::Error;

use crate::answer::{Complaint, Meaning};
use crate::client::Failure;

/// What went wrong with a call to WAHA. None of the texts holds a phone number, a chat id or a key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WahaError {
    /// No connection: nothing was written.
    #[error("WAHA cannot be reached")]
    Refused,
    /// No answer in time.
    #[error("WAHA did not answer in time")]
    TimedOut,
    /// The connection broke after the request was written.
    #[error("the connection to WAHA broke")]
    Broken,
    /// 401 or 403: the API key is missing, wrong, or lacks the right.
    #[error("WAHA refuses the API key")]
    Unauthorized,
    /// The session is not in the status this call needs.
    #[error("the WhatsApp session is not ready (status {})", status.as_deref().unwrap_or("unknown"))]
    SessionAway {
        /// The status it is in, where WAHA says so.
        status: Option<String>,
    },
    /// WAHA has no session of that name, or it is not running and the call does not wait for it.
    #[error("WAHA has no such session, or it was not started")]
    SessionMissing,
    /// A free version before 2026.6.1: it takes only the session named `default` (WAHA §1.3).
    #[error("this WAHA takes only one session, named `default`")]
    OnlyDefaultSession,
    /// The thing asked for is not there.
    #[error("WAHA does not find it")]
    NotFound,
    /// This version, engine or edition has no such call.
    #[error("this WAHA cannot do that")]
    NotImplemented,
    /// The NOWEB message store is off in the running session, so nothing can be read back.
    #[error("the message store of the session is off")]
    StoreOff,
    /// Any other complaint.
    #[error("WAHA answered {status}: {message}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// What it said: at most 200 characters, runs of six or more digits cut out.
        message: String,
    },
    /// A 2xx answer of a shape we do not know.
    #[error("WAHA's answer cannot be read")]
    Unreadable,
}

impl From<Failure> for WahaError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::UnsendableKey => Self::Unauthorized,
            Failure::NoAnswer(CallError::Refused { .. }) => Self::Refused,
            Failure::NoAnswer(CallError::TimedOut) => Self::TimedOut,
            Failure::NoAnswer(CallError::Broken { .. }) => Self::Broken,
            Failure::Complaint(complaint) => complaint.into(),
        }
    }
}

impl From<Complaint> for WahaError {
    fn from(complaint: Complaint) -> Self {
        match complaint.meaning {
            Meaning::KeyRefused => Self::Unauthorized,
            Meaning::SessionAway { status } => Self::SessionAway { status },
            Meaning::SessionMissing => Self::SessionMissing,
            Meaning::OnlyDefaultSession => Self::OnlyDefaultSession,
            Meaning::NotFound => Self::NotFound,
            Meaning::NoRoute | Meaning::NotImplemented => Self::NotImplemented,
            Meaning::StoreOff => Self::StoreOff,
            Meaning::Other => Self::Rejected {
                status: complaint.status,
                message: complaint.message,
            },
        }
    }
}
