//! WEBJS's shapes, after WAHA §4.4 and §5.2: here `from` and `to` are the real sender and recipient.

use serde_json::{Value, json};

use super::{Lens, View, media, put_ack, put_places_and_cards, reply_to, source};
use crate::address::ChatId;
use crate::world::message::Message;

pub(super) fn sent(lens: Lens<'_>, message: &Message) -> Value {
    json!({
        "_data": data(lens, message),
        "id": id(message),
        "ack": message.ack,
        "body": message.text,
    })
}

pub(super) fn message(lens: Lens<'_>, message: &Message) -> Value {
    let (from, to) = ends(lens, message);
    let mut shape = json!({
        "id": message.full_id(),
        "timestamp": message.at.timestamp(),
        "from": from.as_str(),
        "fromMe": message.is_own(),
        "to": to.as_str(),
        "participant": message.participant.as_ref().map(ChatId::as_str),
        "body": message.text,
        "hasMedia": message.has_media(),
        "media": media(message),
        "replyTo": reply_to(message),
        "_data": data(lens, message),
    });
    put_places_and_cards(&mut shape, message, &json!([]));
    if lens.view == View::Event {
        shape["source"] = json!(source(message));
    }
    put_ack(&mut shape, message.ack);
    shape
}

pub(super) fn chat(chat: &ChatId, name: Option<&str>, last: i64) -> Value {
    json!({
        "id": {"server": chat.server(), "user": chat.user(), "_serialized": chat.as_str()},
        "name": name,
        "isGroup": chat.is_group(),
        "timestamp": last,
    })
}

fn data(lens: Lens<'_>, message: &Message) -> Value {
    let (from, to) = ends(lens, message);
    json!({
        "id": id(message),
        "body": message.text,
        "type": kind(message),
        "t": message.at.timestamp(),
        "notifyName": message.push_name,
        "from": from.as_str(),
        "to": to.as_str(),
        "ack": message.ack,
    })
}

fn kind(message: &Message) -> &'static str {
    match message.attachment {
        Some(attachment) => attachment.browsers_word(),
        None if message.is_undecrypted() => "ciphertext",
        None => "chat",
    }
}

fn id(message: &Message) -> Value {
    json!({
        "fromMe": message.is_own(),
        "remote": message.chat.as_str(),
        "id": message.raw_id,
        "_serialized": message.full_id(),
    })
}

fn ends(lens: Lens<'_>, message: &Message) -> (ChatId, ChatId) {
    let (own, chat) = (lens.own_chat(), message.chat.clone());
    if message.is_own() {
        (own, chat)
    } else {
        (chat, own)
    }
}
