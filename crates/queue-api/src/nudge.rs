//! Telling the worker that something changed. A nudge makes it prompt; it never carries anything that may be lost: the
//! worker looks by itself at least every `WAHA_WORKER_INTERVAL` seconds.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use chassis::service_auth::BearerToken;
use domain::session::SessionName;
use http::{HeaderValue, Request, header};
use serde_json::json;
use tracing::debug;

/// A worker that does not answer in this time will look by itself.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Nudges, coalesced: at most one is under way, and whatever comes meanwhile is one more.
#[derive(Clone)]
pub(crate) struct Nudge(Arc<Inner>);

struct Inner {
    worker: Outbound,
    authorization: HeaderValue,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    sessions: BTreeSet<SessionName>,
    posting: bool,
}

impl Nudge {
    pub(crate) fn new(worker: Outbound, token: &BearerToken) -> Self {
        Self(Arc::new(Inner {
            worker,
            authorization: token.header_value(),
            waiting: Mutex::default(),
        }))
    }

    /// Tells the worker to look at these sessions; returns at once.
    pub(crate) fn about<'a>(&self, sessions: impl IntoIterator<Item = &'a SessionName>) {
        let mut waiting = self.waiting();
        waiting.sessions.extend(sessions.into_iter().cloned());
        if waiting.posting || waiting.sessions.is_empty() {
            return;
        }
        waiting.posting = true;
        drop(waiting);
        tokio::spawn(self.clone().post_all());
    }

    async fn post_all(self) {
        while let Some(sessions) = self.take() {
            let request = Request::post("/nudge")
                .header(header::AUTHORIZATION, self.0.authorization.clone())
                .header(header::CONTENT_TYPE, "application/json")
                .body(Bytes::from(json!({ "sessions": sessions }).to_string()));
            let Ok(request) = request else { continue };
            if let Err(error) = self.0.worker.call(request, TIMEOUT).await {
                debug!(%error, "the worker was not nudged; it looks by itself");
            }
        }
    }

    /// What is to be told next; once there is nothing, the next change starts anew.
    fn take(&self) -> Option<BTreeSet<SessionName>> {
        let mut waiting = self.waiting();
        let sessions = std::mem::take(&mut waiting.sessions);
        waiting.posting = !sessions.is_empty();
        waiting.posting.then_some(sessions)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
