//! Sessions: reading them, configuring them, and operations on them, one at a time (WAHA §2).

mod config;
mod operations;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};

use super::refusal::Refusal;
use crate::waha::Waha;

/// How long a second operation waits for the first.
const LOCK: Duration = Duration::from_secs(5);

pub(super) fn routes(newest: bool) -> Router<Arc<Waha>> {
    let mut routes = Router::new()
        .route("/api/sessions", get(reading::list).post(operations::create))
        .route(
            "/api/sessions/{session}",
            get(reading::one)
                .put(operations::configure)
                .delete(operations::delete),
        )
        .route("/api/sessions/{session}/me", get(reading::me))
        .route("/api/sessions/{session}/start", post(operations::start))
        .route("/api/sessions/{session}/stop", post(operations::stop))
        .route("/api/sessions/{session}/restart", post(operations::restart))
        .route("/api/sessions/{session}/logout", post(operations::logout));
    if newest {
        routes = routes
            .route("/api/sessions/{session}/timelock", get(reading::timelock))
            .route("/api/sessions/{session}/capping", get(reading::capping));
    }
    routes
}

impl Waha {
    /// Runs an operation when no other runs on the session; the second of two waits 5 s and is refused.
    async fn alone<T>(
        &self,
        name: &str,
        operation: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let lock = self
            .look(name, |session| Arc::clone(&session.operation))
            .unwrap_or_default();
        let Ok(_held) = tokio::time::timeout(self.scaled(LOCK), lock.lock()).await else {
            return Err(Refusal::error(format!(
                "async-lock timed out in queue {name}"
            )));
        };
        operation.await
    }
}
