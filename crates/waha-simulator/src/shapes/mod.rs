//! The JSON that each version and engine makes of a message, a chat or a session.
//! Built by hand from the recordings and WAHA §2.3, §4.4, §5.2 and §7.5; the client's types are not used, so that a wrong shape is wrong only once.

pub(crate) mod events;
mod gows;
mod noweb;
pub(crate) mod session_info;
mod webjs;

use serde_json::{Value, json};

use crate::address::ChatId;
use crate::profile::{Engine, Profile};
use crate::world::attachment::Attachment;
use crate::world::message::{Author, Message, ack_name};

/// What a shape depends on besides the message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lens<'a> {
    pub(crate) profile: Profile,
    /// The account's own number.
    pub(crate) own: &'a str,
    pub(crate) view: View,
}

/// Where a message is shown; some fields are spelt differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// In a webhook.
    Event,
    /// In an answer that reads messages back.
    Read,
}

impl Lens<'_> {
    /// The answer to `sendText`.
    pub(crate) fn sent(self, message: &Message) -> Value {
        match self.profile.engine() {
            Engine::NoWeb => noweb::sent(self, message),
            Engine::Gows => gows::sent(self, message),
            Engine::WebJs => webjs::sent(self, message),
        }
    }

    /// A `WAMessage` (WAHA §5.2).
    pub(crate) fn message(self, message: &Message) -> Value {
        match self.profile.engine() {
            Engine::NoWeb => noweb::message(self, message),
            Engine::Gows => gows::message(self, message),
            Engine::WebJs => webjs::message(self, message),
        }
    }

    /// An entry of the list of chats.
    pub(crate) fn chat(self, chat: &ChatId, name: Option<&str>, last: i64) -> Value {
        match self.profile.engine() {
            Engine::NoWeb => noweb::chat(chat, last),
            Engine::Gows => gows::chat(chat, name, last),
            Engine::WebJs => webjs::chat(chat, name, last),
        }
    }

    pub(crate) fn own_chat(self) -> ChatId {
        ChatId::of_phone(self.own)
    }
}

fn source(message: &Message) -> &'static str {
    if message.author == Author::Api && message.known_as_api {
        "api"
    } else {
        "app"
    }
}

/// `media` of a message: a link to the file, or why there is none.
fn media(message: &Message) -> Value {
    match message.attachment.filter(|attachment| attachment.is_file()) {
        None => Value::Null,
        Some(file) if file.reachable => json!({
            "url": format!("http://localhost:3000/api/files/default/{}.jpeg", message.raw_id),
            "filename": null,
            "mimetype": file.mimetype(),
            "error": null,
        }),
        Some(file) => json!({
            "url": null,
            "filename": null,
            "mimetype": file.mimetype(),
            "error": {"details": "TypeError: fetch failed"},
        }),
    }
}

/// `location` and `vCards` of a message; what there is not is `none`.
fn put_places_and_cards(target: &mut Value, message: &Message, none: &Value) {
    let attachment = message.attachment;
    let location = attachment.map_or(Value::Null, Attachment::location);
    let cards = attachment.map_or(Value::Null, Attachment::v_cards);
    target["location"] = location;
    target["vCards"] = if cards.is_null() { none.clone() } else { cards };
}

fn reply_to(message: &Message) -> Value {
    let Some(quoted) = &message.quoted else {
        return Value::Null;
    };
    json!({
        "id": quoted.raw_id,
        "participant": quoted.author.as_str(),
        "body": quoted.text,
        "hasMedia": false,
        "media": null,
        "_data": {},
    })
}

fn put_ack(target: &mut Value, ack: i8) {
    target["ack"] = json!(ack);
    target["ackName"] = json!(ack_name(ack));
}
