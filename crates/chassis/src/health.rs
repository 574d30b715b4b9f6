//! Is it alive, and can it do its job? `/healthz` says the process answers, nothing else: a
//! supervisor restarts on it. `/readyz` runs the checks: a person or a balancer reads it.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, join_all};
use http::{Request, StatusCode, Uri};
use serde_json::{Map, Value, json};

use crate::outbound::{BadBaseUrl, CallError, Outbound};

/// A check that takes longer has failed: whoever asks will not wait longer either.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a service may take to say that it is alive.
const ALIVE_TIMEOUT: Duration = Duration::from_secs(3);

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

/// Why a service does not count as alive.
#[derive(Debug, thiserror::Error)]
pub enum NotAlive {
    /// Its address cannot be called.
    #[error(transparent)]
    Address(#[from] BadBaseUrl),
    /// It does not answer.
    #[error("it does not answer")]
    Silent(#[from] CallError),
    /// It answers something else.
    #[error("it answers {0}")]
    Odd(StatusCode),
}

/// Asks the service that listens at `listen` on this machine whether it is alive: what a container's health check runs,
/// in the same binary, so that the image needs no other program.
pub async fn ask(listen: SocketAddr) -> Result<(), NotAlive> {
    let service = Outbound::network(&format!("http://{}", reachable(listen)))?;
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = Uri::from_static("/healthz");
    let answer = service.call(request, ALIVE_TIMEOUT).await?;
    if answer.status() == StatusCode::OK {
        return Ok(());
    }
    Err(NotAlive::Odd(answer.status()))
}

/// Who listens everywhere is called on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
