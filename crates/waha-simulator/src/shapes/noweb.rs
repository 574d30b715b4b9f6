//! NOWEB's shapes as recorded from 2026.4.1; newer versions are taken to be alike.

use serde_json::{Value, json};

use super::{Lens, View, media, put_ack, put_places_and_cards, reply_to, source};
use crate::address::ChatId;
use crate::world::message::{Author, Message, Quoted};

pub(super) fn sent(lens: Lens<'_>, message: &Message) -> Value {
    let mut answer = json!({
        "key": {"remoteJid": message.chat.jid(), "fromMe": true, "id": message.raw_id},
        "message": api_content(lens, message),
        "messageTimestamp": message.at.timestamp().to_string(),
        "status": "PENDING",
    });
    if message.chat.is_group() {
        answer["participant"] = json!(format!("{}:1@s.whatsapp.net", lens.own));
    }
    answer
}

pub(super) fn message(lens: Lens<'_>, message: &Message) -> Value {
    let mut shape = json!({
        "id": message.full_id(),
        "timestamp": message.shown_at.timestamp(),
        "from": message.chat.as_str(),
        "fromMe": message.is_own(),
        "source": source(message),
        "body": message.text,
        "hasMedia": message.has_media(),
        "media": media(message),
        "replyTo": reply_to(message),
        "_data": data(lens, message),
    });
    put_places_and_cards(&mut shape, message, &Value::Null);
    put_ack(&mut shape, message.ack);
    if message.chat.is_group() {
        shape["to"] = json!(message.chat.as_str());
        shape["participant"] = json!(message.participant.as_ref().map(ChatId::as_str));
    }
    shape
}

pub(super) fn chat(chat: &ChatId, last: i64) -> Value {
    json!({"id": chat.jid(), "conversationTimestamp": last})
}

fn data(lens: Lens<'_>, message: &Message) -> Value {
    let mut data = if message.author == Author::Api {
        let seconds = message.shown_at.timestamp();
        let event = lens.view == View::Event;
        json!({
            "message": api_content(lens, message),
            "messageTimestamp": if event { json!(seconds.to_string()) } else { json!(seconds) },
            "status": if event { json!("PENDING") } else { json!(message.ack + 1) },
        })
    } else {
        phone_data(lens, message)
    };
    data["key"] = key(message);
    data
}

/// What comes from a phone, a guest's or the own one.
fn phone_data(lens: Lens<'_>, message: &Message) -> Value {
    let mut data = json!({
        "messageTimestamp": message.shown_at.timestamp(),
        "pushName": message.push_name,
        "broadcast": false,
        "status": message.ack + 1,
    });
    if message.is_undecrypted() {
        // the library's stub of a message that it could not decrypt
        data["messageStubType"] = json!(2);
    } else {
        data["message"] = phone_content(lens, message);
    }
    data
}

fn key(message: &Message) -> Value {
    let mut key = json!({
        "remoteJid": message.chat.jid(),
        "fromMe": message.is_own(),
        "id": message.raw_id,
    });
    if message.author != Author::Api {
        key["addressingMode"] = json!(if message.chat.is_lid() { "lid" } else { "pn" });
    }
    if let Some(twin) = &message.twin {
        key["remoteJidAlt"] = json!(twin.jid());
    }
    if let Some(participant) = &message.participant {
        key["participant"] = json!(participant.jid());
    }
    key
}

fn api_content(lens: Lens<'_>, message: &Message) -> Value {
    let mut text = json!({"text": message.text});
    if let Some(quoted) = &message.quoted {
        text["contextInfo"] = context(quoted);
    }
    json!({
        "extendedTextMessage": text,
        "messageContextInfo": {"messageSecret": bytes(lens, &message.secret)},
    })
}

fn phone_content(lens: Lens<'_>, message: &Message) -> Value {
    let mut content = match (message.attachment, &message.quoted) {
        (Some(attachment), _) => {
            json!({ attachment.part(): attachment.content(message.text.as_deref()) })
        }
        (None, Some(quoted)) => json!({"extendedTextMessage": {
            "text": message.text,
            "contextInfo": context(quoted),
        }}),
        (None, None) => json!({"conversation": message.text}),
    };
    let seconds = message.at.timestamp();
    let event = lens.view == View::Event;
    content["messageContextInfo"] = json!({
        "deviceListMetadata": {
            "senderKeyHash": bytes(lens, &message.key_hash),
            "senderTimestamp": if event { json!(seconds.to_string()) } else { json!(seconds) },
        },
        "deviceListMetadataVersion": 2,
        "messageSecret": bytes(lens, &message.secret),
    });
    content
}

fn context(quoted: &Quoted) -> Value {
    let content = if quoted.from_api {
        json!({"extendedTextMessage": {"text": quoted.text}})
    } else {
        json!({"conversation": quoted.text})
    };
    json!({
        "stanzaId": quoted.raw_id,
        "participant": quoted.author.jid(),
        "quotedMessage": content,
    })
}

/// Bytes in base64; what is read back was stored as a Node buffer.
fn bytes(lens: Lens<'_>, base64: &str) -> Value {
    match lens.view {
        View::Event => json!(base64),
        View::Read => json!({"type": "Buffer", "data": base64}),
    }
}
