//! Prompt wake-ups: whoever changed something says so, and the session's loop looks at once.
//! A nudge is a hint and may be lost: the loop looks by itself at the latest after the interval.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use chassis::problem::ProblemJson;
use chassis::service_auth::{BearerToken, require_bearer};
use domain::session::SessionName;
use serde::Deserialize;
use tokio::sync::Notify;

/// One bell for each session.
#[derive(Clone)]
pub(crate) struct Nudges(Arc<HashMap<SessionName, Bells>>);

/// Who listens for a session: each has a bell of its own, so that none takes another's ring.
#[derive(Default)]
pub(crate) struct Bells {
    /// The work loop.
    pub(crate) work: Notify,
    /// The settling of uncertain messages.
    pub(crate) settling: Notify,
    /// The watch over the session's state.
    pub(crate) watching: Notify,
    /// The reading of chats from their beginning.
    pub(crate) reading: Notify,
    /// The reading of missed inbound, after a reconnect. Not rung by nudges: reading all chats is dear.
    pub(crate) reconnected: Notify,
}

/// The body of `POST /nudge`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NudgeRequest {
    sessions: Vec<SessionName>,
}

impl Nudges {
    pub(crate) fn new(sessions: &[SessionName]) -> Self {
        Self(Arc::new(
            sessions
                .iter()
                .map(|name| (name.clone(), Bells::default()))
                .collect(),
        ))
    }

    pub(crate) fn ring(&self, session: &SessionName) {
        if let Some(bells) = self.0.get(session) {
            bells.work.notify_one();
            bells.settling.notify_one();
            bells.watching.notify_one();
            bells.reading.notify_one();
        }
    }

    /// Chats of the session are to be read from their beginning.
    pub(crate) fn ask_to_read(&self, session: &SessionName) {
        if let Some(bells) = self.0.get(session) {
            bells.reading.notify_one();
        }
    }

    /// The bells of one of the configured sessions.
    pub(crate) fn bells(&self, session: &SessionName) -> Option<&Bells> {
        self.0.get(session)
    }
}

/// `POST /nudge`, for queue-api only.
pub(crate) fn router(nudges: Nudges, token: BearerToken) -> Router {
    Router::new()
        .route("/nudge", post(nudge))
        .with_state(nudges)
        .layer(require_bearer(token))
}

async fn nudge(
    State(nudges): State<Nudges>,
    ProblemJson(request): ProblemJson<NudgeRequest>,
) -> StatusCode {
    for session in &request.sessions {
        nudges.ring(session);
    }
    StatusCode::NO_CONTENT
}
