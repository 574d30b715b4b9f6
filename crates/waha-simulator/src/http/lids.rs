//! Who is behind a hidden id, as far as this WAHA has learnt (WAHA §6).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::answer::ok;
use super::call::session_name;
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::waha::Waha;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/{session}/lids", get(list))
        .route("/api/{session}/lids/count", get(count))
        .route("/api/{session}/lids/{lid}", get(phone_of))
        .route("/api/{session}/lids/pn/{phone}", get(lid_of))
}

async fn list(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
) -> Result<Response, Refusal> {
    waha.ready_for_lids(&session).await?;
    let pairs = waha.look(&session, |session| {
        let pair = |(lid, pn): (&ChatId, &ChatId)| json!({"lid": lid.as_str(), "pn": pn.as_str()});
        session
            .store
            .lids()
            .iter()
            .map(pair)
            .collect::<Vec<Value>>()
    });
    Ok(ok(&json!(pairs.unwrap_or_default())))
}

async fn count(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
) -> Result<Response, Refusal> {
    waha.ready_for_lids(&session).await?;
    let count = waha.look(&session, |session| session.store.lids().len());
    Ok(ok(&json!({"count": count.unwrap_or_default()})))
}

async fn phone_of(
    State(waha): State<Arc<Waha>>,
    Path((session, lid)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    waha.ready_for_lids(&session).await?;
    if lid.contains('@') && !lid.ends_with("@lid") {
        return Err(Refusal::unprocessable(
            "Invalid LID - it must end with @lid",
        ));
    }
    let lid = ChatId::of_lid(&lid);
    let phone = if waha.profile().mixes_up_identities() {
        Some(ChatId::of_phone(&waha.own_number(&session)))
    } else {
        let known = waha.look(&session, |session| session.store.lids().get(&lid).cloned());
        known.flatten()
    };
    Ok(ok(
        &json!({"lid": lid.as_str(), "pn": phone.as_ref().map(ChatId::as_str)}),
    ))
}

async fn lid_of(
    State(waha): State<Arc<Waha>>,
    Path((session, phone)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    waha.ready_for_lids(&session).await?;
    let phone = ChatId::from_request(phone.trim_start_matches('+'));
    let lid = waha
        .look(&session, |session| session.store.lid_of(&phone).cloned())
        .flatten();
    Ok(ok(
        &json!({"lid": lid.as_ref().map(ChatId::as_str), "pn": phone.as_str()}),
    ))
}

impl Waha {
    async fn ready_for_lids(self: &Arc<Self>, session: &str) -> Result<(), Refusal> {
        session_name(self.profile(), Some(session))?;
        self.hold_until_working(session).await?;
        self.check_store(session)
    }
}
