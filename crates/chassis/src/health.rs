//! Is it alive, and can it do its job? `/healthz` says the process answers, nothing else: a
//! supervisor restarts on it. `/readyz` runs the checks: a person or a balancer reads it.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::{BoxFuture, FutureExt, join_all};
use http::StatusCode;
use serde_json::{Map, Value, json};

/// A check that takes longer has failed: whoever asks will not wait longer either.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The list of checks behind `/readyz`.
#[derive(Clone, Default)]
pub struct Health {
    checks: Vec<(String, Check)>,
}

impl Health {
    /// Without checks: always ready.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check. Its error is shown to whoever asks, so it names no secret and no person.
    #[must_use]
    pub fn check<F, R, E>(mut self, name: impl Into<String>, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let check: Check = Arc::new(move || {
            check()
                .map(|outcome| outcome.map_err(|reason| reason.to_string()))
                .boxed()
        });
        self.checks.push((name.into(), check));
        self
    }

    /// `GET /healthz` and `GET /readyz`.
    pub fn router(self) -> Router {
        Router::new()
            .route("/healthz", get(async || Json(json!({ "status": "ok" }))))
            .route("/readyz", get(ready))
            .with_state(self)
    }
}

/// 200 or 503 with `{"status": …, "checks": {name: "ok" or the reason}}`.
async fn ready(State(health): State<Health>) -> Response {
    let outcomes = join_all(health.checks.iter().map(|(name, check)| async move {
        let outcome = tokio::time::timeout(CHECK_TIMEOUT, check()).await;
        (
            name.clone(),
            outcome.unwrap_or_else(|_| Err("no answer in time".to_owned())),
        )
    }))
    .await;
    let ready = outcomes.iter().all(|(_, outcome)| outcome.is_ok());
    let (status, word) = if ready {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    let checks: Map<String, Value> = outcomes
        .into_iter()
        .map(|(name, outcome)| {
            (
                name,
                outcome.err().unwrap_or_else(|| "ok".to_owned()).into(),
            )
        })
        .collect();
    (status, Json(json!({ "status": word, "checks": checks }))).into_response()
}
