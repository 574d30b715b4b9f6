//! WAHA's seven error shapes (WAHA §4.6), A to G.

use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer;
use crate::world::session::Status;

#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// A: the key.
    Unauthorized,
    /// B: the session is not in the wanted status.
    NotAsExpected {
        session: String,
        status: Status,
        expected: Status,
    },
    /// B: there is no such session.
    NoSession { session: String },
    /// C and G: an ordinary error with one text.
    Plain { status: StatusCode, message: String },
    /// D: texts of a validation.
    Invalid(Vec<String>),
    /// E: a rule of presence.
    Presence { detail: String },
    /// F: anything uncaught; the front adds the request's echo.
    Uncaught(Uncaught),
}

/// The exception inside shape F.
#[derive(Clone, Debug)]
pub(super) struct Uncaught {
    exception: Value,
}

impl Refusal {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::plain(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        Self::plain(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// G: the engine lacks the call.
    pub(super) fn not_implemented() -> Self {
        Self::plain(
            StatusCode::NOT_IMPLEMENTED,
            "The method is not implemented by the engine",
        )
    }

    pub(super) fn session_not_found() -> Self {
        Self::not_found("Session not found")
    }

    /// What calls say that need a running session and do not wait for one.
    pub(super) fn not_started(session: &str) -> Self {
        Self::not_found(format!(
            "We didn't find a session with name '{session}'.\nPlease start it first by using POST /api/sessions/{session}/start request"
        ))
    }

    pub(super) fn store_is_off() -> Self {
        Self::bad_request(
            "Enable NOWEB store \"config.noweb.store.enabled=True\" and \"config.noweb.store.full_sync=True\" when starting a new session. Read more: https://waha.devlike.pro/docs/engines/noweb#store",
        )
    }

    /// Only the session `default` may exist.
    pub(super) fn core_only(tried: &str) -> Self {
        let encoded = STANDARD.encode(tried);
        Self::unprocessable(format!(
            "WAHA Core support only 'default' session. You tried to access '{tried}' session (base64: {encoded}). If you want to run more then one WhatsApp account - please get WAHA PLUS version. Check this out: https://waha.devlike.pro/"
        ))
    }

    pub(super) fn plus_only() -> Self {
        Self::unprocessable(
            "The feature is available only in Plus version for 'NOWEB' engine. Check this out: https://waha.devlike.pro/",
        )
    }

    /// What a send is refused with under this status; 422 says that the session is still starting.
    pub(super) fn of_status(status: u16, session: &str) -> Self {
        if status == 422 {
            return Self::NotAsExpected {
                session: session.to_owned(),
                status: Status::Starting,
                expected: Status::Working,
            };
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self::plain(status, status.canonical_reason().unwrap_or_default())
    }

    /// A mistake in Node's own words.
    pub(super) fn type_error(message: impl Into<String>) -> Self {
        Self::uncaught("TypeError", message)
    }

    /// An error that WAHA itself throws.
    pub(super) fn error(message: impl Into<String>) -> Self {
        Self::uncaught("Error", message)
    }

    /// An error of the NOWEB engine, stripped of everything but its text.
    pub(super) fn engine(message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Uncaught(Uncaught {
            exception: json!({
                "message": message,
                "data": null,
                "isBoom": true,
                "isServer": false,
                "output": {},
                "name": "Error",
                "stack": format!("Error: {message}"),
            }),
        })
    }

    /// An error of GOWS, which speaks gRPC.
    pub(super) fn grpc(details: impl Into<String>) -> Self {
        let details = details.into();
        let message = format!("2 UNKNOWN: {details}");
        Self::Uncaught(Uncaught {
            exception: json!({
                "message": message,
                "code": 2,
                "details": details,
                "name": "Error",
                "stack": format!("Error: {message}"),
            }),
        })
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotAsExpected { .. } | Self::NoSession { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Plain { status, .. } => *status,
            Self::Invalid(_) | Self::Presence { .. } => StatusCode::BAD_REQUEST,
            Self::Uncaught(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn plain(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Plain {
            status,
            message: message.into(),
        }
    }

    fn uncaught(name: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let stack = format!("{name}: {message}");
        Self::Uncaught(Uncaught {
            exception: json!({"message": message, "name": name, "stack": stack}),
        })
    }

    fn body(&self) -> Value {
        let status = self.status();
        let word = status.canonical_reason().unwrap_or_default();
        match self {
            Self::Unauthorized => json!({"message": "Unauthorized", "statusCode": 401}),
            Self::NotAsExpected {
                session,
                status,
                expected,
            } => json!({
                "error": "Session status is not as expected. Try again later or restart the session",
                "session": session,
                "status": status.as_str(),
                "expected": [expected.as_str()],
            }),
            Self::NoSession { session } => json!({
                "error": format!("Session \"{session}\" does not exist"),
                "session": session,
            }),
            Self::Plain { message, .. } => {
                json!({"message": message, "error": word, "statusCode": status.as_u16()})
            }
            Self::Invalid(texts) => {
                json!({"message": texts, "error": word, "statusCode": status.as_u16()})
            }
            Self::Presence { detail } => json!({"detail": detail}),
            Self::Uncaught(uncaught) => json!({"statusCode": 500, "exception": uncaught.exception}),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut answer = answer::with(self.status(), &self.body());
        if let Self::Uncaught(uncaught) = self {
            answer.extensions_mut().insert(uncaught);
        }
        answer
    }
}

impl Uncaught {
    /// Shape F with the request's echo: who logs it logs what was sent.
    pub(super) fn with_echo(&self, timestamp: &str, request: &Value, version: &Value) -> Response {
        answer::with(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({
                "statusCode": 500,
                "timestamp": timestamp,
                "exception": self.exception,
                "request": request,
                "version": version,
            }),
        )
    }
}
