//! GOWS's shapes, after WAHA §4.4 and §5.2. The inner fields of `_data` are the least certain ones.

use serde_json::{Value, json};

use super::{Lens, View, media, put_ack, put_places_and_cards, reply_to, source};
use crate::address::ChatId;
use crate::world::message::Message;

pub(super) fn sent(lens: Lens<'_>, message: &Message) -> Value {
    json!({"id": message.full_id(), "_data": {"Info": info(lens, message)}})
}

pub(super) fn message(lens: Lens<'_>, message: &Message) -> Value {
    let mut shape = json!({
        "id": message.full_id(),
        "timestamp": message.at.timestamp(),
        "from": message.chat.as_str(),
        "fromMe": message.is_own(),
        "to": null,
        "participant": message.participant.as_ref().map(ChatId::as_str),
        "body": message.text,
        "hasMedia": message.has_media(),
        "media": media(message),
        "replyTo": reply_to(message),
        "_data": {"Info": info(lens, message), "Message": content(message)},
    });
    put_places_and_cards(&mut shape, message, &Value::Null);
    if lens.view == View::Event {
        shape["source"] = json!(source(message));
    }
    put_ack(&mut shape, message.ack);
    shape
}

pub(super) fn chat(chat: &ChatId, name: Option<&str>, last: i64) -> Value {
    json!({"id": chat.as_str(), "name": name, "conversationTimestamp": last})
}

fn content(message: &Message) -> Value {
    match message.attachment {
        Some(attachment) => {
            json!({ attachment.part(): attachment.content(message.text.as_deref()) })
        }
        None if message.text.is_none() => Value::Null,
        None => json!({"conversation": message.text}),
    }
}

fn info(lens: Lens<'_>, message: &Message) -> Value {
    let own = lens.own_chat();
    let sender = match (&message.participant, message.is_own()) {
        (_, true) => &own,
        (Some(participant), false) => participant,
        (None, false) => &message.chat,
    };
    let alt = message.twin.as_ref().map(ChatId::jid).unwrap_or_default();
    json!({
        "ID": message.raw_id,
        "Chat": message.chat.jid(),
        "Sender": sender.jid(),
        "SenderAlt": alt,
        "RecipientAlt": "",
        "AddressingMode": if message.chat.is_lid() { "lid" } else { "pn" },
        "IsFromMe": message.is_own(),
        "IsGroup": message.chat.is_group(),
        "PushName": message.push_name,
        "Timestamp": message.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "Type": if message.attachment.is_some() { "media" } else { "text" },
    })
}
