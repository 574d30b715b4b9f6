//! Reading messages back (WAHA §5.1, recordings of 2026.4.1).

mod filter;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use self::filter::Filter;
use super::answer::ok;
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::gates::Step;
use crate::misbehaviour::Misbehaviour;
use crate::profile::Engine;
use crate::record::RecordedCall;
use crate::shapes::View;
use crate::waha::Waha;

pub(super) async fn list(
    State(waha): State<Arc<Waha>>,
    Path((session, chat)): Path<(String, String)>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.read_messages(&session, &chat, &call.query).await
}

pub(super) async fn one(
    State(waha): State<Arc<Waha>>,
    Path((session, chat, id)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.hold_until_working(&session).await?;
    waha.check_store(&session)?;
    waha.check_reads(Some(&ChatId::from_request(&chat)))?;
    waha.note(
        &session,
        RecordedCall::MessageLookedUp {
            chat: chat.clone(),
            id: id.clone(),
        },
    );
    let chat = waha.chat_asked(&chat)?;
    let own = waha.own_number(&session);
    let (lens, now) = (waha.lens(&own, View::Read), waha.now());
    let found = waha.look(&session, |session| {
        let message = session
            .store
            .find(&id)
            .filter(|message| message.visible_from <= now)?;
        let here = chat
            .as_ref()
            .is_none_or(|chat| session.store.same(chat, &message.chat));
        here.then(|| lens.message(message))
    });
    found
        .flatten()
        .map(|message| ok(&message))
        .ok_or_else(|| Refusal::not_found("Message not found"))
}

impl Waha {
    async fn read_messages(
        self: &Arc<Self>,
        session: &str,
        chat: &str,
        query: &BTreeMap<String, String>,
    ) -> Result<Response, Refusal> {
        self.hold_until_working(session).await?;
        let filter = Filter::of(query)?;
        self.check_store(session)?;
        self.gates.pass(Step::MessagesRead).await;
        self.check_reads(Some(&ChatId::from_request(chat)))?;
        self.note(
            session,
            RecordedCall::MessagesRead {
                chat: chat.to_owned(),
            },
        );
        let chat = self.chat_asked(chat)?;
        let own = self.own_number(session);
        let (lens, now) = (self.lens(&own, View::Read), self.now());
        let list = self.look(session, |session| {
            let seen = session.store.visible(chat.as_ref(), now);
            let page = filter.page(seen.collect());
            page.into_iter()
                .map(|message| lens.message(message))
                .collect::<Vec<Value>>()
        });
        Ok(ok(&Value::Array(list.unwrap_or_default())))
    }

    /// `all` is every chat, except in the browser engine.
    fn chat_asked(&self, chat: &str) -> Result<Option<ChatId>, Refusal> {
        match (chat, self.profile().engine()) {
            ("all", Engine::WebJs) => Err(Refusal::not_implemented()),
            ("all", _) => Ok(None),
            (chat, _) => Ok(Some(ChatId::from_request(chat))),
        }
    }

    /// NOWEB without its store refuses to read (WAHA §5.1).
    pub(super) fn check_store(&self, session: &str) -> Result<(), Refusal> {
        let keeps = self.look(session, |session| session.keeps_messages(self.profile()));
        if self.look(session, |session| session.store_refused.is_some()) == Some(true) {
            return Err(Refusal::unprocessable("The message store is not ready"));
        }
        match keeps {
            Some(false) if self.profile().is_noweb() => Err(Refusal::store_is_off()),
            _ => Ok(()),
        }
    }

    /// The switch that makes reads fail: all, or those of one chat.
    pub(super) fn check_reads(&self, chat: Option<&ChatId>) -> Result<(), Refusal> {
        match self.takes(chat, |m| *m == Misbehaviour::ReadsFail) {
            Some(_) => Err(Refusal::engine("Timed Out")),
            None => Ok(()),
        }
    }
}
