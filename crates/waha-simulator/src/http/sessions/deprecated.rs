//! The older operations, which name the session in the body.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::{created, empty};
use super::super::call::{Call, session_name};
use super::super::refusal::Refusal;
use super::config::{faults, known_part};
use super::operations::UNLINKING;
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::session::Session;

/// Makes, configures and starts in one call; the answer has no `me` and no `engine`.
pub(super) async fn start(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let profile = waha.profile();
    let name = session_name(profile, call.text("name"))?;
    let config = call.body.get("config").filter(|config| !config.is_null());
    let wrong = config
        .map(|config| faults(profile, config))
        .unwrap_or_default();
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    waha.world().session_or_new(&name);
    let operation = async {
        if waha.look(&name, Session::is_running) != Some(true)
            && let Some(config) = config
        {
            let known = known_part(profile, config, false);
            waha.change(&name, |session| session.config = Some(known));
        }
        waha.start_stopped(&name)?;
        let config = waha.look(&name, |session| session.config.clone()).flatten();
        Ok(json!({"name": name, "status": "STARTING", "config": config}))
    };
    waha.alone(&name, operation)
        .await
        .map(|info| created(&info))
}

pub(super) async fn stop(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let name = session_name(waha.profile(), call.text("name"))?;
    let log_out = call
        .body
        .get("logout")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let operation = async {
        waha.note(&name, RecordedCall::SessionStopped);
        waha.end(&name).await;
        if log_out {
            waha.wait(UNLINKING).await;
            waha.forget_login(&name);
        }
        Ok(empty(StatusCode::CREATED))
    };
    waha.alone(&name, operation).await
}

pub(super) async fn logout(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let name = session_name(waha.profile(), call.text("name"))?;
    let operation = async {
        waha.log_out(&name).await?;
        Ok(empty(StatusCode::CREATED))
    };
    waha.alone(&name, operation).await
}
