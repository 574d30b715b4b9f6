//! NOWEB's shapes, 2024.10.8 and 2026.4.1 as recorded; 2026.8.1 is taken to be like 2026.4.1.

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
        "timestamp": timestamp(lens, message),
        "from": message.chat.as_str(),
        "fromMe": message.is_own(),
        "hasMedia": message.has_media(),
        "replyTo": null,
        "_data": data(lens, message),
    });
    put_ack(&mut shape, message.ack);
    if message.chat.is_group() {
        shape["to"] = json!(message.chat.as_str());
        shape["participant"] = json!(message.participant.as_ref().map(ChatId::as_str));
    }
    if lens.profile.is_2024() {
        as_of_2024(&mut shape, message);
    } else {
        as_of_2026(&mut shape, message);
    }
    shape
}

pub(super) fn chat(chat: &ChatId, last: i64) -> Value {
    json!({"id": chat.jid(), "conversationTimestamp": last})
}

/// No `source`, `location` and `vCards`; `media` only with media; an inbound message has no ack.
fn as_of_2024(shape: &mut Value, message: &Message) {
    if let Some(text) = message.text.as_deref().filter(|text| !text.is_empty()) {
        shape["body"] = json!(text);
    }
    if message.has_media() {
        shape["media"] = media(message);
    }
    if !message.is_own() {
        shape["ack"] = Value::Null;
        shape["ackName"] = json!("UNKNOWN");
    }
    if let Some(quoted) = &message.quoted {
        shape["replyTo"] = json!({
            "id": quoted.raw_id,
            "participant": quoted.author.as_str(),
            "body": quoted.text,
        });
    }
}

fn as_of_2026(shape: &mut Value, message: &Message) {
    shape["source"] = json!(source(message));
    shape["body"] = json!(message.text);
    shape["media"] = media(message);
    put_places_and_cards(shape, message, &Value::Null);
    shape["replyTo"] = reply_to(message);
}

/// Seconds; 2024 tells the time of an API message as the library's own long integer.
fn timestamp(lens: Lens<'_>, message: &Message) -> Value {
    let seconds = message.shown_at.timestamp();
    if lens.profile.is_2024() && lens.view == View::Event && message.author == Author::Api {
        return json!({"low": seconds, "high": 0, "unsigned": true});
    }
    json!(seconds)
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
    data["key"] = key(lens, message);
    data
}

/// What comes from a phone, a guest's or the own one.
fn phone_data(lens: Lens<'_>, message: &Message) -> Value {
    let mut data = json!({
        "messageTimestamp": message.shown_at.timestamp(),
        "pushName": message.push_name,
        "broadcast": false,
    });
    if message.is_undecrypted() {
        // the library's stub of a message that it could not decrypt
        data["messageStubType"] = json!(2);
    } else {
        data["message"] = phone_content(lens, message);
    }
    if message.is_own() || !lens.profile.is_2024() {
        data["status"] = json!(message.ack + 1);
    }
    data
}

fn key(lens: Lens<'_>, message: &Message) -> Value {
    let mut key = json!({
        "remoteJid": message.chat.jid(),
        "fromMe": message.is_own(),
        "id": message.raw_id,
    });
    if message.author != Author::Api && !lens.profile.is_2024() {
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
    let mut content = json!({"extendedTextMessage": text});
    if !lens.profile.is_2024() {
        content["messageContextInfo"] = json!({"messageSecret": bytes(lens, &message.secret)});
    }
    content
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
