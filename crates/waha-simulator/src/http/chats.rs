//! The list of chats and their overview (WAHA §5.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::answer::ok;
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::record::RecordedCall;
use crate::shapes::View;
use crate::waha::Waha;
use crate::world::message::Message;

/// The overview's page when nothing is said.
const OVERVIEW: usize = 20;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/{session}/chats", get(list))
        .route(
            "/api/{session}/chats/overview",
            get(overview).post(overview),
        )
}

async fn list(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let chats = waha.chats(&session).await?;
    let own = waha.own_number(&session);
    let lens = waha.lens(&own, View::Read);
    let shape = |chat: &Chat| {
        lens.chat(
            &chat.id,
            chat.name.as_deref(),
            chat.last_written.timestamp(),
        )
    };
    let page = page(&call.query, usize::MAX, chats.iter().map(shape));
    Ok(ok(&Value::Array(page)))
}

async fn overview(
    State(waha): State<Arc<Waha>>,
    Path(session): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let mut chats = waha.chats(&session).await?;
    let ids = wanted(&call);
    chats.retain(|chat| ids.is_empty() || ids.contains(&chat.id));
    let own = waha.own_number(&session);
    let lens = waha.lens(&own, View::Read);
    let shape = |chat: &Chat| {
        let last = chat.last_written.timestamp();
        json!({
            "id": chat.id.as_str(),
            "name": chat.name,
            "picture": null,
            "lastMessage": lens.message(&chat.last),
            "_chat": lens.chat(&chat.id, chat.name.as_deref(), last),
        })
    };
    let page = page(&call.query, OVERVIEW, chats.iter().map(shape));
    Ok(ok(&Value::Array(page)))
}

struct Chat {
    id: ChatId,
    /// The name the guest goes by.
    name: Option<String>,
    /// The message a read shows first.
    last: Message,
    /// When the newest message was written; acks do not move it.
    last_written: DateTime<Utc>,
}

impl Waha {
    /// Every chat with a message that reads show, the most recent first.
    async fn chats(self: &Arc<Self>, session: &str) -> Result<Vec<Chat>, Refusal> {
        session_name(self.profile(), Some(session))?;
        self.hold_until_working(session).await?;
        self.check_store(session)?;
        self.check_reads(None)?;
        self.note(session, RecordedCall::ChatsRead);
        let now = self.now();
        let chats = self.look(session, |session| {
            let mut by_person: BTreeMap<&ChatId, Vec<&Message>> = BTreeMap::new();
            for message in session.store.visible(None, now) {
                by_person
                    .entry(session.store.person(&message.chat))
                    .or_default()
                    .push(message);
            }
            by_person
                .into_values()
                .filter_map(|messages| chat(&messages))
                .collect::<Vec<_>>()
        });
        let mut chats = chats.unwrap_or_default();
        chats.sort_by_key(|chat| std::cmp::Reverse(chat.last_written));
        Ok(chats)
    }
}

fn chat(messages: &[&Message]) -> Option<Chat> {
    let last = messages.iter().max_by_key(|message| message.shown_at)?;
    let newest = messages.iter().max_by_key(|message| message.at)?;
    let theirs = messages.iter().rfind(|message| !message.is_own());
    Some(Chat {
        id: newest.chat.clone(),
        name: theirs.map(|message| message.push_name.clone()),
        last: (*last).clone(),
        last_written: newest.at,
    })
}

/// The chats asked for, from the query (comma list) or the body.
fn wanted(call: &Call) -> Vec<ChatId> {
    let query = call
        .query
        .get("ids")
        .map(String::as_str)
        .unwrap_or_default();
    let body = call.body.get("ids").and_then(Value::as_array);
    let body = body.into_iter().flatten().filter_map(Value::as_str);
    query
        .split(',')
        .filter(|id| !id.is_empty())
        .chain(body)
        .map(ChatId::from_request)
        .collect()
}

fn page(
    query: &BTreeMap<String, String>,
    limit: usize,
    all: impl Iterator<Item = Value>,
) -> Vec<Value> {
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let limit = number("limit").unwrap_or(limit);
    all.skip(number("offset").unwrap_or_default())
        .take(limit)
        .collect()
}
