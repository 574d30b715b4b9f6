//! Reading sessions.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::{empty, ok};
use super::super::call::{Call, session_name};
use super::super::refusal::Refusal;
use crate::gates::Step;
use crate::misbehaviour::Misbehaviour as M;
use crate::profile::Engine;
use crate::record::RecordedCall;
use crate::shapes::session_info;
use crate::waha::Waha;

pub(super) async fn list(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let all = match call.query.get("all").map(String::as_str) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            return Err(Refusal::Invalid(vec![
                "all must be a boolean value".to_owned(),
            ]));
        }
    };
    let profile = waha.profile();
    let world = waha.world();
    let shown = world
        .sessions
        .iter()
        .filter(|(_, session)| all || session.is_running());
    let list: Vec<Value> = shown
        .map(|(name, session)| session_info::listed(profile, name, session))
        .collect();
    Ok(ok(&Value::Array(list)))
}

pub(super) async fn one(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.gates.pass(Step::SessionRead).await;
    waha.note(&name, RecordedCall::SessionRead);
    waha.info(&name).map(|info| ok(&info))
}

pub(super) async fn me(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.running_or_404(&name)?;
    let me = waha.look(&name, |session| session_info::me(waha.profile(), session));
    // before the login the answer has no bytes at all (recorded)
    Ok(match me {
        Some(me) if !me.is_null() => ok(&me),
        _ => empty(StatusCode::OK),
    })
}

pub(super) async fn timelock(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    waha.hold_until_working(&name).await?;
    waha.restrictions_misbehave(&name).await?;
    let lock = waha.look(&name, |session| {
        session.timelock.as_ref().map(session_info::timelock)
    });
    Ok(ok(&json!(lock.flatten())))
}

/// GOWS only (WAHA §2.6).
pub(super) async fn capping(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    if waha.profile().engine() != Engine::Gows {
        return Err(Refusal::not_implemented());
    }
    waha.hold_until_working(&name).await?;
    waha.restrictions_misbehave(&name).await?;
    let capping = waha.look(&name, |session| session.capping.clone());
    Ok(ok(&capping
        .flatten()
        .unwrap_or_else(|| session_info::capping("NONE", -1, 0))))
}

impl Waha {
    /// What keeps the restrictions from being read, when it was asked for.
    async fn restrictions_misbehave(&self, name: &str) -> Result<(), Refusal> {
        let unreadable =
            |m: &M| matches!(m, M::RestrictionsUnreadable { .. } | M::RestrictionsHang);
        match self.takes(None, unreadable) {
            Some(M::RestrictionsUnreadable { status }) => Err(Refusal::of_status(status, name)),
            Some(_) => std::future::pending().await,
            None => Ok(()),
        }
    }

    /// The session as a call about it alone shows it.
    pub(super) fn info(&self, name: &str) -> Result<Value, Refusal> {
        let profile = self.profile();
        self.look(name, |session| session_info::single(profile, name, session))
            .ok_or_else(Refusal::session_not_found)
    }
}
