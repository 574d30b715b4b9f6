//! `POST /webhooks/{session}/{secret}`: checks the sender on the raw bytes, and only then looks at what they say.

use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use bytes::Bytes;
use chassis::Problem;
use chassis::problem::ProblemPath;
use chrono::DateTime;
use domain::Timestamp;
use domain::session::SessionState;
use domain::wire::SessionView;
use http::StatusCode;
use http::header::HeaderMap;
use serde_json::Value;
use tracing::warn;
use waha::{Event, EventKind, FailureCause, SessionStatus, Signature};

use super::hand_typed;
use super::translate::translate;
use crate::app::{App, Session};
use crate::queue_api::Report;
use crate::sessions::read_view;
use crate::set_up::report_view;

/// What became of a post, as the metrics count it.
#[derive(Clone, Copy)]
enum Outcome {
    Stored,
    Useless,
    Unreadable,
    Later,
    Unsigned,
}

/// A wrong secret or session answers like any address where nothing is.
pub(crate) async fn receive(
    State(app): State<Arc<App>>,
    ProblemPath((name, secret)): ProblemPath<(String, String)>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let session = app
        .sessions
        .iter()
        .find(|(known, _)| known.as_str() == name);
    let Some((_, session)) = session.filter(|(_, session)| session.door.is_here(&secret)) else {
        // bare, so that the layer dresses it like every other
        return Ok(StatusCode::NOT_FOUND);
    };
    let signature = signature(request.headers()).to_owned();
    let body = read(request).await?;
    let outcome = if session.door.lets_in(&signature, &body) {
        take(&app, session, &body).await
    } else {
        Outcome::Unsigned
    };
    metrics::counter!("webhooks_total", "outcome" => outcome.name()).increment(1);
    outcome.answer()
}

/// Empty when the header is missing or is not text.
fn signature(headers: &HeaderMap) -> &str {
    let header = headers.get(Signature::HEADER);
    header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

async fn read(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &())
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Problem::body_too_large();
            }
            Problem::unread_body(&rejection)
        })
}

async fn take(app: &App, session: &Session, body: &[u8]) -> Outcome {
    let event = match Event::parse(body) {
        Ok(event) => event,
        Err(error) => {
            let session = session.name.as_str();
            warn!(session, %error, "a webhook cannot be read; it is dropped");
            return Outcome::Unreadable;
        }
    };
    if event.session != session.waha.session_name() {
        return Outcome::Useless;
    }
    let report = match &event.kind {
        EventKind::SessionStatus { status, data } => {
            learn_failure(session, status, data.as_ref());
            note_challenge(session, &event.kind);
            look_again(app, session, changed_at(&event)).await
        }
        _ => match translate(session, event, app.clock.now()).await {
            Some(fact) => {
                hand_typed::end_composition(session, &fact).await;
                app.queue_api.report(&session.name, vec![fact]).await
            }
            None => Report::Useless,
        },
    };
    match report {
        Report::Stored => Outcome::Stored,
        Report::Useless => Outcome::Useless,
        Report::Later => Outcome::Later,
    }
}

/// When the status changed, by WAHA's clock. An event with data may tell of a restriction only.
fn changed_at(event: &Event) -> Option<Timestamp> {
    let EventKind::SessionStatus { status, data } = &event.kind else {
        return None;
    };
    let changed = *status != SessionStatus::Working || data.is_none();
    DateTime::from_timestamp_millis(event.at_ms).filter(|_| changed)
}

/// Only the event may tell why a session failed. A reading that shows another status forgets it.
fn learn_failure(session: &Session, status: &SessionStatus, data: Option<&Value>) {
    let failed = *status == SessionStatus::Failed;
    if let Some(cause) = data.filter(|_| failed).and_then(FailureCause::find) {
        session.knowledge.learn_failure(cause);
    }
}

/// The event comes with the challenge, so that its time is counted from its making.
fn note_challenge(session: &Session, event: &EventKind) {
    if let EventKind::SessionStatus {
        status: SessionStatus::PasskeyRequired,
        data: Some(data),
    } = event
        && let Some(challenge) = data["challenge"].as_str()
    {
        session.passkey.begin_challenge(challenge);
    }
}

/// A status event is a hint: what counts is what the session says now. A connection that was lost and is back before this look is
/// reported as lost first, so that a restart of WAHA is never missed.
async fn look_again(app: &App, session: &Session, changed_at: Option<Timestamp>) -> Report {
    session.nudge.notify_one();
    let view = read_view(session, &app.clock).await;
    if changed_at.is_some_and(|at| is_another_connection(session, &view, at)) {
        let lost = SessionView {
            state: SessionState::Connecting,
            own: None,
            ..view.clone()
        };
        if report_view(app, session, lost).await == Report::Later {
            return Report::Later;
        }
    }
    report_view(app, session, view).await
}

/// Whether `view` and the view that was reported last are both of a connected session, although its status changed between them.
fn is_another_connection(session: &Session, view: &SessionView, changed_at: Timestamp) -> bool {
    let connected = |view: &SessionView| view.state == SessionState::Connected;
    let last = session.knowledge.reported();
    connected(view) && last.is_some_and(|last| connected(&last) && last.at < changed_at)
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Useless => "useless",
            Self::Unreadable => "unreadable",
            Self::Later => "later",
            Self::Unsigned => "unsigned",
        }
    }

    fn answer(self) -> Result<StatusCode, Problem> {
        match self {
            Self::Stored | Self::Useless | Self::Unreadable => Ok(StatusCode::OK),
            Self::Later => Err(Problem::unavailable(
                "not_stored",
                "The event could not be stored now; post it again.",
            )),
            Self::Unsigned => Err(Problem::new(StatusCode::UNAUTHORIZED, "bad_signature")
                .detail("The signature of the body is missing or wrong.")),
        }
    }
}
