//! WhatsApp outside WAHA: people, their phones, and what is on its way to a linked device that is not connected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::message::Message;
use crate::address::ChatId;
use crate::record::Delivered;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Network {
    /// By number.
    pub(crate) people: BTreeMap<String, Person>,
    /// What phones of guests showed, oldest first.
    pub(crate) delivered: Vec<Delivered>,
    /// What phones that are switched off will show once they are on.
    #[serde(default)]
    pub(crate) held: Vec<Delivered>,
    /// Own messages by raw id, as WhatsApp knows them.
    pub(crate) sent: BTreeMap<String, Sent>,
    /// By session: what a linked but unconnected device will get when it is back.
    pub(crate) waiting: BTreeMap<String, Vec<Arrival>>,
    /// By session: what was written while no device was linked; it comes with the history of the next pairing.
    pub(crate) history: BTreeMap<String, Vec<Message>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// What the phone shows; empty: nothing.
    pub(crate) name: String,
    /// Digits only.
    pub(crate) lid: Option<String>,
    pub(crate) on_whatsapp: bool,
    pub(crate) has_written: bool,
    /// The phone is switched off: nothing reaches it until it is on again.
    #[serde(default)]
    pub(crate) is_off: bool,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            name: String::new(),
            lid: None,
            on_whatsapp: true,
            has_written: false,
            is_off: false,
        }
    }
}

/// An own message on its way to a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) session: String,
    pub(crate) message: Message,
    /// Each level is told once.
    pub(crate) acks_told: Vec<i8>,
}

/// What can reach a linked device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Arrival {
    /// A message of a guest, or the owner's own from the phone.
    Message(Box<Message>),
    /// One that could not be decrypted yet.
    Undecrypted(Box<Message>),
    /// A reaction; an empty text takes it back. `own` is who wrote the message it is about.
    Reaction {
        from: Box<Message>,
        to: String,
        own: bool,
        text: String,
    },
    /// A new text for a message.
    Edit { edit: Box<Message>, of: String },
    /// A message was deleted for everybody.
    Revoke { revoke: Box<Message>, of: String },
    /// An own message got this far.
    Ack { raw_id: String, level: i8 },
}

impl Network {
    pub(crate) fn person(&mut self, number: &str) -> &mut Person {
        self.people.entry(number.to_owned()).or_default()
    }

    pub(crate) fn is_on_whatsapp(&self, number: &str) -> bool {
        self.people
            .get(number)
            .is_none_or(|person| person.on_whatsapp)
    }

    pub(crate) fn is_off(&self, number: &str) -> bool {
        self.people.get(number).is_some_and(|person| person.is_off)
    }

    /// The key under which a chat's phone is kept: the number, or what else is known of it.
    pub(crate) fn phone_of(&self, chat: &ChatId) -> String {
        let user = chat.user();
        if !chat.is_lid() {
            return user.to_owned();
        }
        let owner = self
            .people
            .iter()
            .find(|(_, person)| person.lid.as_deref() == Some(user));
        owner.map_or(user, |(number, _)| number).to_owned()
    }
}
