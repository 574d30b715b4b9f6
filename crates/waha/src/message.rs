//! A message as WAHA shows it, in answers and in events alike (`WAMessage`, WAHA §5.2).
//!
//! Only the id is sure to be there; every other member is read as far as it can be. `Debug` shows
//! neither text nor people.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::ack::Ack;
use crate::chat_id::{ChatId, ChatKind};
use crate::content::{Clues, Content};
use crate::lenient::{self, text_at};
use crate::message_id::{MessageId, id_text, raw_id};

/// Where an own message was written. A hint only: after a restart of WAHA everything reads `App`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Through WAHA.
    Api,
    /// On the phone; also on every received message.
    App,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireMessage")]
pub struct Message {
    /// The id as WAHA wrote it: what `sendSeen` and `reply_to` take.
    pub full_id: String,
    /// WhatsApp's own id: what messages are compared by.
    pub raw_id: String,
    /// The chat.
    pub chat: ChatId,
    /// The other id of the same person, where the engine tells it: the phone of a `@lid` chat, or
    /// the other way round.
    pub chat_alt: Option<ChatId>,
    /// Other chats that it names: WAHA 2026.8.1 to 2026.9 may tell there whose chat it is in (#2241).
    pub addressees: Vec<ChatId>,
    /// Whether the own account wrote it, here or on the phone.
    pub from_me: bool,
    /// When, in unix seconds. Stores move it to the time of the last receipt: never match by it.
    pub at: Option<i64>,
    /// The text. Absent when empty, when there is only media, or when it could not be decrypted.
    pub body: Option<String>,
    /// Whether a picture, voice or file is in it.
    pub has_media: bool,
    /// Of what kind, for example `image/jpeg`.
    pub media_mimetype: Option<String>,
    /// What it is made of.
    pub content: Content,
    /// How far it has come.
    pub ack: Option<Ack>,
    /// The raw id of the message it answers.
    pub reply_to: Option<String>,
    /// The name its writer shows.
    pub push_name: Option<String>,
    /// Where an own message was written.
    pub source: Option<Source>,
    /// Who wrote it, in groups.
    pub participant: Option<ChatId>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("raw_id", &self.raw_id)
            .field("chat", &self.chat)
            .field("from_me", &self.from_me)
            .field("at", &self.at)
            .field("content", &self.content)
            .field("ack", &self.ack)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMessage {
    id: Value,
    #[serde(default, deserialize_with = "lenient::number")]
    timestamp: Option<i64>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    from: Option<ChatId>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    to: Option<ChatId>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    participant: Option<ChatId>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    from_me: Option<bool>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    source: Option<Source>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    body: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    has_media: Option<bool>,
    #[serde(default)]
    media: Value,
    #[serde(default)]
    location: Value,
    #[serde(default)]
    v_cards: Value,
    #[serde(default, deserialize_with = "lenient::number")]
    ack: Option<i64>,
    #[serde(default)]
    reply_to: Value,
    /// The engine's own object: unstable, and the only place of a few things.
    #[serde(default, rename = "_data")]
    data: Value,
}

/// A message without an id, or without a way to tell its chat.
#[derive(Debug, thiserror::Error)]
#[error("a message without an id or a chat")]
struct Unidentified;

impl TryFrom<WireMessage> for Message {
    type Error = Unidentified;

    fn try_from(wire: WireMessage) -> Result<Self, Unidentified> {
        let full_id = id_text(&wire.id).ok_or(Unidentified)?.to_owned();
        let id = MessageId::parse(&full_id);
        let from_me = id
            .as_ref()
            .map(|id| id.from_me)
            .or(wire.from_me)
            .unwrap_or(false);
        let (id_chat, id_participant) = id.map(|id| (id.chat, id.participant)).unzip();
        let addressees = addressees(wire.to.as_ref(), &wire.data);
        // without a full id: `from` is the other party, but for own messages of the browser engines
        let other_party = if from_me {
            wire.to.or(wire.from)
        } else {
            wire.from
        };
        let chat = id_chat.or(other_party).ok_or(Unidentified)?;
        let media_mimetype = mimetype(&wire.media, &wire.data);
        let has_media = wire.has_media.unwrap_or(false) || media_mimetype.is_some();
        let clues = Clues {
            body: wire.body.as_deref(),
            has_media,
            mimetype: media_mimetype.as_deref(),
            location: &wire.location,
            v_cards: &wire.v_cards,
            data: &wire.data,
        };
        Ok(Self {
            content: clues.content(),
            raw_id: raw_id(&full_id).to_owned(),
            chat_alt: chat_alt(&chat, from_me, &wire.data),
            addressees,
            from_me,
            at: wire.timestamp,
            body: wire.body,
            has_media,
            media_mimetype,
            ack: wire.ack.and_then(Ack::from_level),
            reply_to: wire
                .reply_to
                .get("id")
                .and_then(id_text)
                .map(|id| raw_id(id).to_owned()),
            push_name: push_name(&wire.data),
            source: wire.source,
            participant: wire.participant.or(id_participant.flatten()),
            full_id,
            chat,
        })
    }
}

/// What a message tells of its chat beside its id.
fn addressees(to: Option<&ChatId>, data: &Value) -> Vec<ChatId> {
    let places = [
        &["Info", "Chat"],
        &["Info", "RecipientAlt"],
        &["key", "remoteJid"],
        &["key", "remoteJidAlt"],
    ];
    let told = places.iter().filter_map(|place| text_at(data, *place));
    let told = told.map(ChatId::new);
    to.cloned().into_iter().chain(told).collect()
}

/// The same person's other id, from NOWEB's `key` or GOWS's `Info` (WAHA §6).
fn chat_alt(chat: &ChatId, from_me: bool, data: &Value) -> Option<ChatId> {
    let gows = if from_me { "RecipientAlt" } else { "SenderAlt" };
    let alt = text_at(data, &["key", "remoteJidAlt"]).or_else(|| text_at(data, &["Info", gows]))?;
    let alt = ChatId::new(alt);
    match (chat.kind(), alt.kind()) {
        (ChatKind::Lid(_), ChatKind::Person(_)) | (ChatKind::Person(_), ChatKind::Lid(_)) => {
            Some(alt)
        }
        _ => None,
    }
}

/// From `media`, else from the engine's message: `media` is missing without a download.
fn mimetype(media: &Value, data: &Value) -> Option<String> {
    let in_part = |name| {
        let parts = data.get(name)?.as_object()?;
        parts.values().find_map(|part| text_at(part, &["mimetype"]))
    };
    text_at(media, &["mimetype"])
        .or_else(|| in_part("message"))
        .or_else(|| in_part("Message"))
        .or_else(|| text_at(data, &["mimetype"]))
        .map(str::to_owned)
}

fn push_name(data: &Value) -> Option<String> {
    text_at(data, &["pushName"])
        .or_else(|| text_at(data, &["Info", "PushName"]))
        .or_else(|| text_at(data, &["notifyName"]))
        .filter(|name| !name.trim().is_empty())
        .map(str::to_owned)
}
