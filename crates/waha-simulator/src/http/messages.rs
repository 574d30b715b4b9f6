//! Reading messages back, with every filter (WAHA §5.1, recordings of 2026.4.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use super::answer::ok;
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::address::ChatId;
use crate::gates::Step;
use crate::misbehaviour::Misbehaviour;
use crate::profile::{Engine, Profile};
use crate::record::RecordedCall;
use crate::shapes::View;
use crate::waha::Waha;
use crate::world::message::{Message, ack_name};

const ACKS: &str = "ERROR, PENDING, SERVER, DEVICE, READ, PLAYED";

pub(super) async fn list(
    State(waha): State<Arc<Waha>>,
    Path((session, chat)): Path<(String, String)>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.read_messages(&session, &chat, &call.query).await
}

/// `GET /api/messages?session&chatId`.
pub(super) async fn list_deprecated(
    State(waha): State<Arc<Waha>>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let session = call.session_of_query(waha.profile())?;
    let chat = call.query.get("chatId").cloned().unwrap_or_default();
    waha.read_messages(&session, &chat, &call.query).await
}

pub(super) async fn one(
    State(waha): State<Arc<Waha>>,
    Path((session, chat, id)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&session))?;
    waha.hold_until_working(&session).await?;
    waha.check_store(&session)?;
    waha.check_reads()?;
    waha.note(&session, RecordedCall::MessageLookedUp { chat: chat.clone(), id: id.clone() });
    let chat = waha.chat_asked(&chat)?;
    let own = waha.own_number(&session);
    let (lens, now) = (waha.lens(&own, View::Read), waha.now());
    let found = waha.look(&session, |session| {
        let message = session.store.find(&id).filter(|message| message.visible_from <= now)?;
        let here = chat.as_ref().is_none_or(|chat| session.store.same(chat, &message.chat));
        here.then(|| lens.message(message))
    });
    found.flatten().map(|message| ok(&message)).ok_or_else(|| Refusal::not_found("Message not found"))
}

impl Waha {
    async fn read_messages(
        self: &Arc<Self>,
        session: &str,
        chat: &str,
        query: &BTreeMap<String, String>,
    ) -> Result<Response, Refusal> {
        self.hold_until_working(session).await?;
        let filter = Filter::of(self.profile(), query)?;
        self.check_store(session)?;
        self.gates.pass(Step::MessagesRead).await;
        self.check_reads()?;
        self.note(session, RecordedCall::MessagesRead { chat: chat.to_owned() });
        let chat = self.chat_asked(chat)?;
        let own = self.own_number(session);
        let (lens, now) = (self.lens(&own, View::Read), self.now());
        let list = self.look(session, |session| {
            let seen = session.store.visible(chat.as_ref(), now);
            let page = filter.page(seen.collect());
            page.into_iter().map(|message| lens.message(message)).collect::<Vec<Value>>()
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
        match keeps {
            Some(false) if self.profile().is_noweb() => Err(Refusal::store_is_off()),
            _ => Ok(()),
        }
    }

    /// The switch that makes reads fail.
    pub(super) fn check_reads(&self) -> Result<(), Refusal> {
        match self.takes(None, |m| *m == Misbehaviour::ReadsFail) {
            Some(_) => Err(Refusal::engine("Timed Out")),
            None => Ok(()),
        }
    }
}

/// What a caller asked for; newest first unless said otherwise.
struct Filter {
    /// Negative is no limit.
    limit: i64,
    offset: usize,
    from_me: Option<bool>,
    ack: Option<String>,
    /// Seconds, inclusive.
    not_before: Option<f64>,
    not_after: Option<f64>,
    ascending: bool,
}

impl Filter {
    fn of(profile: Profile, query: &BTreeMap<String, String>) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let mut number = |name: &str| {
            let text = query.get(name)?;
            let number = text.parse::<f64>().ok();
            if number.is_none() {
                faults.push(format!("{name} must be a number conforming to the specified constraints"));
            }
            number
        };
        let (limit, offset) = (number("limit"), number("offset"));
        let (gte, lte) = (number("filter.timestamp.gte"), number("filter.timestamp.lte"));
        let ack = query.get("filter.ack").cloned();
        if ack.as_ref().is_some_and(|ack| !ACKS.split(", ").any(|name| name == ack)) {
            faults.push(format!("filter.ack must be one of the following values: {ACKS}"));
        }
        let sort_by = query.get("sortBy").map_or("timestamp", String::as_str);
        if !["timestamp", "messageTimestamp"].contains(&sort_by) {
            faults.push("sortBy must be one of the following values: timestamp, messageTimestamp".to_owned());
        }
        // 2024 lets everything pass (recorded)
        if !faults.is_empty() && !profile.is_2024() {
            return Err(Refusal::Invalid(faults));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a page is small; what is larger means everything")]
        let whole = |number: f64| number as i64;
        Ok(Self {
            limit: limit.map_or(10, whole),
            offset: offset.map_or(0, |number| usize::try_from(whole(number)).unwrap_or_default()),
            from_me: query.get("filter.fromMe").map(|text| text == "true"),
            ack,
            not_before: gte,
            not_after: lte,
            ascending: query.get("sortOrder").map(String::as_str) == Some("asc"),
        })
    }

    fn page<'a>(&self, mut messages: Vec<&'a Message>) -> Vec<&'a Message> {
        messages.retain(|message| self.fits(message));
        // of one second, the later written one is the newer
        messages.sort_by_key(|message| message.shown_at);
        if !self.ascending {
            messages.reverse();
        }
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        messages.into_iter().skip(self.offset).take(limit).collect()
    }

    fn fits(&self, message: &Message) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "seconds of our century are exact in f64")]
        let seconds = message.shown_at.timestamp() as f64;
        self.from_me.is_none_or(|from_me| from_me == message.from_me())
            && self.ack.as_deref().is_none_or(|ack| ack == ack_name(message.ack))
            && self.not_before.is_none_or(|time| seconds >= time)
            && self.not_after.is_none_or(|time| seconds <= time)
    }
}
