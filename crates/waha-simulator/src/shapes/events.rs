//! Payloads of the events about a message that are not the message itself (WAHA §7.5).

use serde_json::{Value, json};

use super::{Lens, put_ack};
use crate::address::{ChatId, full_id};
use crate::profile::Engine;
use crate::world::message::Message;

impl Lens<'_> {
    /// `message.ack`.
    pub(crate) fn ack(self, message: &Message) -> Value {
        let mut payload = json!({
            "id": message.full_id(),
            "from": message.chat.as_str(),
            "fromMe": message.is_own(),
        });
        if self.profile.engine() != Engine::NoWeb {
            payload["to"] = json!(self.own_chat().as_str());
            payload["participant"] = Value::Null;
        }
        if message.chat.is_group() {
            payload["to"] = json!(message.chat.as_str());
            payload["participant"] = json!(message.participant.as_ref().map(ChatId::as_str));
        }
        put_ack(&mut payload, message.ack);
        payload
    }

    /// `message.reaction`; `to` is the raw id of the message it is about, `own` whether that one is the account's.
    pub(crate) fn reaction(self, from: &Message, to: &str, own: bool, text: &str) -> Value {
        json!({
            "id": from.full_id(),
            "timestamp": from.at.timestamp(),
            "from": from.chat.as_str(),
            "fromMe": from.is_own(),
            "source": "app",
            "reaction": {"text": text, "messageId": self.reacted(from, to, own)},
        })
    }

    /// `message.edited`: the message with its new text, and the raw id of the one it replaces.
    pub(crate) fn edited(self, edit: &Message, of: &str) -> Value {
        let mut payload = self.message(edit);
        payload["editedMessageId"] = json!(of);
        payload
    }

    /// `message.revoked`; `before` is known to WEBJS only.
    pub(crate) fn revoked(self, revoke: &Message, of: &str, before: Option<&Message>) -> Value {
        let before = before.filter(|_| self.profile.engine() == Engine::WebJs);
        json!({
            "after": self.message(revoke),
            "before": before.map(|message| self.message(message)),
            "revokedMessageId": of,
            "_data": {},
        })
    }

    /// NOWEB names an own message as the guest's phone does: by the own number, yet as not its own (recorded).
    fn reacted(self, from: &Message, to: &str, own: bool) -> String {
        match (own, self.profile.engine()) {
            (true, Engine::NoWeb) => full_id(false, &self.own_chat(), to, None),
            (own, _) => full_id(own, &from.chat, to, None),
        }
    }
}
