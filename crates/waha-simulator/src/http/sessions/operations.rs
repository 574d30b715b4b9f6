//! Operations on sessions. Those that stop a running session take its 3 s.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use rand::RngExt;
use serde_json::{Value, json};

use super::super::answer::{created, empty, ok};
use super::super::call::{Call, session_name};
use super::super::refusal::Refusal;
use super::config::{create_faults, faults, known_part};
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::session::Session;
use crate::world::store::Store;

/// What unlinking adds to stopping.
const UNLINKING: Duration = Duration::from_secs(1);

pub(super) async fn create(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let profile = waha.profile();
    let config = call.body.get("config").filter(|config| !config.is_null());
    let mut wrong = create_faults(&call.body);
    wrong.extend(config.map(faults).unwrap_or_default());
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    let made_up = || format!("session_{:026x}", waha.roll(RngExt::random::<u64>));
    let name = call
        .text("name")
        .filter(|name| !name.is_empty())
        .map_or_else(made_up, str::to_owned);
    let name = session_name(profile, Some(&name))?;
    if waha.status(&name).is_some() {
        return Err(Refusal::unprocessable(format!(
            "Session '{name}' already exists. Use PUT to update it."
        )));
    }
    let start = call
        .body
        .get("start")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    if !start && profile.is_core() {
        // 2026.4.1 answers with no bytes and makes nothing (recorded)
        return Ok(empty(StatusCode::CREATED));
    }
    let config = config.map(known_part);
    waha.world().session_or_new(&name).config = config;
    waha.note(&name, RecordedCall::SessionConfigured);
    if start {
        waha.note(&name, RecordedCall::SessionStarted);
        waha.begin(&name);
    }
    waha.info(&name).map(|info| created(&info))
}

pub(super) async fn configure(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.status(&name).ok_or_else(Refusal::session_not_found)?;
    let config = call
        .body
        .get("config")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let wrong = faults(&config);
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    let operation = async {
        waha.note(&name, RecordedCall::SessionConfigured);
        let running = waha.look(&name, Session::is_running) == Some(true);
        waha.change(&name, |session| {
            session.config = Some(known_part(&config));
        });
        if running {
            waha.end(&name).await;
            waha.begin(&name);
        }
        waha.info(&name)
    };
    waha.alone(&name, operation).await.map(|info| ok(&info))
}

pub(super) async fn start(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.status(&name).ok_or_else(Refusal::session_not_found)?;
    let operation = async {
        if waha.look(&name, Session::is_running) == Some(true) {
            return Err(Refusal::unprocessable(format!(
                "Session '{name}' is already started."
            )));
        }
        waha.note(&name, RecordedCall::SessionStarted);
        waha.begin(&name);
        waha.info(&name)
    };
    waha.alone(&name, operation)
        .await
        .map(|info| created(&info))
}

pub(super) async fn stop(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    if waha.status(&name).is_none() {
        return Ok(empty(StatusCode::CREATED));
    }
    let operation = async {
        waha.note(&name, RecordedCall::SessionStopped);
        waha.end(&name).await;
        waha.info(&name)
    };
    waha.alone(&name, operation)
        .await
        .map(|info| created(&info))
}

pub(super) async fn restart(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.status(&name).ok_or_else(Refusal::session_not_found)?;
    let operation = async {
        waha.note(&name, RecordedCall::SessionRestarted);
        waha.end(&name).await;
        waha.begin(&name);
        waha.info(&name)
    };
    waha.alone(&name, operation)
        .await
        .map(|info| created(&info))
}

pub(super) async fn logout(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.status(&name).ok_or_else(Refusal::session_not_found)?;
    waha.alone(&name, async { waha.log_out(&name).await })
        .await
        .map(|info| created(&info))
}

pub(super) async fn delete(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    let operation = async {
        waha.note(&name, RecordedCall::SessionDeleted);
        waha.end(&name).await;
        waha.world().sessions.remove(&name);
        waha.note_change();
        Ok(empty(StatusCode::OK))
    };
    waha.alone(&name, operation).await
}

impl Waha {
    /// Unlinks the device and starts anew, if it was running.
    async fn log_out(self: &Arc<Self>, name: &str) -> Result<Value, Refusal> {
        self.note(name, RecordedCall::SessionLoggedOut);
        let running = self.look(name, Session::is_running) == Some(true);
        self.end(name).await;
        if running {
            self.wait(UNLINKING).await;
        }
        self.change(name, |session| {
            session.login = None;
            session.store = Store::default();
            session.timelock = None;
            session.capping = None;
        });
        if running {
            self.begin(name);
        }
        self.info(name)
    }
}
