//! Blue ticks: `sendSeen` and `messages/read`, with what each version really does (WAHA §4.5, recordings).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{created, empty};
use super::call::{Call, chat_id_of, session_name};
use super::refusal::Refusal;
use crate::address::{ChatId, is_full, raw_part};
use crate::gates::Step;
use crate::profile::Engine;
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::message::{Message, READ};

/// Without ids, only what is not older than this is marked.
const UNREAD_DAYS: i64 = 7;

pub(super) async fn send_seen(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = call.session_of_body(waha.profile())?;
    waha.hold_until_working(&session).await?;
    let ids = given_ids(&call.body);
    let chat = ChatId::from_request(chat_id_of(&call.body, "split")?);
    if ids.is_empty() {
        return waha.see_without_ids(&session, &chat).await;
    }
    if ids.iter().any(|id| !is_full(id)) {
        return Err(Refusal::error(
            "Message id be in format false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]",
        ));
    }
    waha.sign(Step::Seen).await?;
    // own messages are not marked
    let ids = ids.iter().filter(|id| id.starts_with("false_"));
    waha.mark(
        &session,
        &chat,
        ids.map(|id| raw_part(id).to_owned()).collect(),
    );
    Ok(empty(StatusCode::CREATED))
}

/// `POST …/chats/{chat}/messages/read`.
pub(super) async fn read_chat(
    State(waha): State<Arc<Waha>>,
    Path((session, chat)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.hold_until_working(&session).await?;
    waha.check_store(&session)?;
    waha.sign(Step::Seen).await?;
    let ids = waha.mark_unread(&session, &ChatId::from_request(&chat));
    Ok(created(&match waha.profile().engine() {
        Engine::WebJs => json!({"ids": null}),
        _ => json!({"ids": ids}),
    }))
}

impl Waha {
    async fn see_without_ids(
        self: &Arc<Self>,
        session: &str,
        chat: &ChatId,
    ) -> Result<Response, Refusal> {
        if self.profile().is_noweb() {
            self.check_store(session)?;
        }
        self.sign(Step::Seen).await?;
        match self.profile().engine() {
            Engine::NoWeb => {
                let ids = self.mark_unread(session, chat);
                Ok(created(&json!({"ids": ids})))
            }
            Engine::Gows => {
                self.mark(session, chat, Vec::new());
                Ok(empty(StatusCode::CREATED))
            }
            Engine::WebJs => {
                self.mark_unread(session, chat);
                Ok(empty(StatusCode::CREATED))
            }
        }
    }

    /// Marks what the guest wrote and nobody has seen; the answer is their full ids.
    fn mark_unread(self: &Arc<Self>, session: &str, chat: &ChatId) -> Vec<String> {
        let oldest = self.now() - TimeDelta::days(UNREAD_DAYS);
        let now = self.now();
        let unread =
            |message: &&Message| !message.is_own() && message.ack < READ && message.at >= oldest;
        let found = self.look(session, |session| {
            let unread = session.store.visible(Some(chat), now).filter(unread);
            unread
                .map(|message| (message.raw_id.clone(), message.full_id()))
                .collect::<Vec<_>>()
        });
        let (raw_ids, full_ids) = found.unwrap_or_default().into_iter().unzip();
        self.mark(session, chat, raw_ids);
        full_ids
    }

    fn mark(self: &Arc<Self>, session: &str, chat: &ChatId, raw_ids: Vec<String>) {
        self.be_active(session);
        let marked: BTreeSet<&str> = raw_ids.iter().map(String::as_str).collect();
        self.change(session, |session| {
            for message in session.store.iter_mut() {
                if marked.contains(message.raw_id.as_str()) {
                    message.ack = READ;
                }
            }
        });
        let chat = chat.as_str().to_owned();
        self.note(session, RecordedCall::Seen { chat, ids: raw_ids });
    }
}

/// `messageIds`, or the older single `messageId`.
fn given_ids(body: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let many = body.get("messageIds").and_then(Value::as_array);
    match many {
        Some(ids) => ids.iter().filter_map(text).collect(),
        None => body.get("messageId").and_then(text).into_iter().collect(),
    }
}
