//! The owner, who writes with the own thumbs too, and what guests' phones show.

use std::collections::HashSet;
use std::sync::Arc;

use crate::address::ChatId;
use crate::record::{Delivered, WrittenBy};
use crate::waha::Waha;
use crate::world::message::{Author, Message, SERVER};
use crate::world::network::{Arrival, Sent};

impl Waha {
    /// The owner types a message on the own phone; the linked device learns of it like of any other.
    pub(crate) fn type_by_hand(self: &Arc<Self>, name: &str, number: &str, text: &str) -> String {
        let push_name = self
            .world()
            .owners
            .get(name)
            .map(|owner| owner.name.clone());
        let message = Message {
            ack: SERVER,
            push_name: push_name.unwrap_or_default(),
            ..self.draft(Author::OwnPhone, ChatId::of_phone(number), text)
        };
        let raw_id = message.raw_id.clone();
        self.hand_over(name, &message, WrittenBy::Hand);
        self.arrive(name, Arrival::Message(Box::new(message)));
        raw_id
    }

    /// WhatsApp takes an own message and puts it on the guest's phone, if there is one.
    pub(crate) fn hand_over(&self, name: &str, message: &Message, written_by: WrittenBy) {
        self.remember_sent(name, message);
        let (at, own_number) = (self.now(), self.own_number(name));
        let mut world = self.world();
        let number = world.network.phone_of(&message.chat);
        if !world.network.is_on_whatsapp(&number) {
            return;
        }
        let off = world.network.is_off(&number);
        let shown = Delivered {
            at,
            number,
            session: name.to_owned(),
            own_number,
            text: message.text.clone().unwrap_or_default(),
            raw_id: message.raw_id.clone(),
            quoted: message.quoted.as_ref().map(|quoted| quoted.raw_id.clone()),
            written_by,
        };
        let network = &mut world.network;
        if off {
            network.held.push(shown);
        } else {
            network.delivered.push(shown);
        }
    }

    /// WhatsApp knows of an own message, delivered or not, so that acks can come.
    pub(crate) fn remember_sent(&self, name: &str, message: &Message) {
        let sent = Sent {
            session: name.to_owned(),
            message: message.clone(),
            acks_told: Vec::new(),
        };
        self.world()
            .network
            .sent
            .insert(message.raw_id.clone(), sent);
    }

    /// The texts of own messages that WhatsApp took from the session and put on no phone.
    pub(crate) fn swallowed(&self, name: &str) -> Vec<String> {
        let world = self.world();
        let delivered = world.network.delivered.iter();
        let delivered: HashSet<&str> = delivered.map(|shown| shown.raw_id.as_str()).collect();
        let sent = world.network.sent.iter();
        sent.filter(|(raw_id, sent)| sent.session == name && !delivered.contains(raw_id.as_str()))
            .map(|(_, sent)| sent.message.text.clone().unwrap_or_default())
            .collect()
    }

    /// What the phone of this number has shown, from any session.
    pub(crate) fn phone(&self, number: &str) -> Vec<Delivered> {
        let shown = |delivered: &&Delivered| delivered.number == number;
        self.world()
            .network
            .delivered
            .iter()
            .filter(shown)
            .cloned()
            .collect()
    }
}
