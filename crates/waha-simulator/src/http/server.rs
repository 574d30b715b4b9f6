//! Calls about the server itself (WAHA §1.5).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::json;

use super::answer::ok;
use super::call::Call;
use super::refusal::Refusal;
use crate::shapes::session_info::environment;
use crate::waha::Waha;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/ping", get(ping))
        .route("/health", get(health))
        .route("/api/version", get(version))
        .route("/api/server/version", get(version))
        .route("/api/server/status", get(status))
        .route("/api/server/environment", get(variables))
        .route("/api/sendImage", post(plus_only))
        .route("/api/sendFile", post(plus_only))
        .route("/api/sendVoice", post(plus_only))
}

async fn ping() -> Response {
    ok(&json!({"message": "pong"}))
}

async fn health(State(waha): State<Arc<Waha>>) -> Result<Response, Refusal> {
    if waha.profile().is_core() {
        return Err(Refusal::plus_only());
    }
    Ok(ok(
        &json!({"status": "ok", "info": {}, "error": {}, "details": {}}),
    ))
}

async fn version(State(waha): State<Arc<Waha>>) -> Response {
    ok(&environment(waha.profile()))
}

async fn status(State(waha): State<Arc<Waha>>) -> Response {
    let started = waha.world().started_at;
    let uptime = (waha.now() - started).num_milliseconds();
    ok(&json!({
        "startTimestamp": started.timestamp_millis(),
        "uptime": uptime,
        "worker": {"id": ""},
    }))
}

/// WAHA shows its environment here, its key in clear.
async fn variables(State(waha): State<Arc<Waha>>) -> Response {
    ok(&json!({
        "WAHA_API_KEY": waha.config.api_key,
        "WHATSAPP_DEFAULT_ENGINE": waha.profile().engine_name(),
    }))
}

/// Media is not played: the old versions refuse it, the newest is not needed for it.
async fn plus_only(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    if waha.profile().is_core() {
        return Err(Refusal::plus_only());
    }
    Err(Refusal::not_found(format!(
        "Cannot {} {}",
        call.method, call.target
    )))
}
