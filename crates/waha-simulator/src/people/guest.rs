//! A guest with a phone: writes, answers, reacts, takes back. Everything happens at once; WAHA learns of it as it can.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::address::ChatId;
use crate::record::Delivered;
use crate::waha::Waha;
use crate::world::attachment::{Attached, Attachment};
use crate::world::message::{Author, DEVICE, Message, READ};
use crate::world::network::{Arrival, Person};

/// The group every guest is in.
const GROUP: &str = "120363000000000001@g.us";

/// One guest, as seen from one session's owner. Methods that write return WhatsApp's raw message id.
#[derive(Clone)]
pub struct Guest {
    waha: Arc<Waha>,
    session: String,
    number: String,
}

impl Guest {
    pub(crate) fn new(waha: &Arc<Waha>, session: &str, number: &str) -> Self {
        waha.world().network.person(number);
        Self {
            waha: Arc::clone(waha),
            session: session.to_owned(),
            number: number.to_owned(),
        }
    }

    /// Gives the guest a name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.alter(|person| name.clone_into(&mut person.name));
        self
    }

    /// Gives the guest a hidden id (digits). Needed before anything is written under it.
    #[must_use]
    pub fn with_lid(self, lid: &str) -> Self {
        self.alter(|person| person.lid = Some(lid.trim_end_matches("@lid").to_owned()));
        self
    }

    /// Takes the number off WhatsApp: sends are accepted and never arrive.
    pub fn leave_whatsapp(&self) {
        self.alter(|person| person.on_whatsapp = false);
    }

    /// Switches the phone off: messages reach WhatsApp's server and no further, without a receipt.
    pub fn switch_off(&self) {
        self.alter(|person| person.is_off = true);
    }

    /// Switches the phone on: it shows what came while it was off, and receipts follow.
    pub fn switch_on(&self) {
        self.waha.switch_on(&self.number);
    }

    /// Writes a text.
    pub fn write(&self, text: &str) -> String {
        self.send(self.draft(text))
    }

    /// Writes a text that WhatsApp says was written at `at`, as a backlog does.
    pub fn write_at(&self, at: DateTime<Utc>, text: &str) -> String {
        self.send(Message {
            at,
            shown_at: at,
            ..self.draft(text)
        })
    }

    /// Writes a text addressed by the hidden id, with the number beside it.
    pub fn write_from_lid(&self, text: &str) -> String {
        let phone = ChatId::of_phone(&self.number);
        self.send(Message {
            chat: self.lid(),
            twin: Some(phone),
            ..self.draft(text)
        })
    }

    /// Writes a text addressed by the hidden id, with nothing that tells the number.
    pub fn write_from_hidden_lid(&self, text: &str) -> String {
        self.send(Message {
            chat: self.lid(),
            ..self.draft(text)
        })
    }

    /// Writes one text that the engine hands over twice, once per name, under one raw id.
    pub fn write_under_both_names(&self, text: &str) -> String {
        let phone = ChatId::of_phone(&self.number);
        let draft = self.draft(text);
        self.send(Message {
            chat: self.lid(),
            twin: Some(phone),
            ..draft.clone()
        });
        self.send(draft)
    }

    /// Writes a text that quotes the message with this raw id.
    pub fn reply_to(&self, raw_id: &str, text: &str) -> String {
        let quoted = self.waha.quote_of_network(&self.session, raw_id);
        self.send(Message {
            quoted,
            ..self.draft(text)
        })
    }

    /// Sends a photo with a caption.
    pub fn send_photo(&self, caption: &str) -> String {
        self.send(Message {
            attachment: Some(Attachment::of(Attached::Photo)),
            ..self.draft(caption)
        })
    }

    /// Sends something that is not a text, without a word.
    pub fn attach(&self, what: Attached) -> String {
        self.send(Message {
            attachment: Some(Attachment::of(what)),
            text: None,
            ..self.draft("")
        })
    }

    /// Writes in a group the owner is in too.
    pub fn write_in_group(&self, text: &str) -> String {
        let participant = Some(ChatId::of_phone(&self.number));
        self.send(Message {
            chat: ChatId::from_request(GROUP),
            participant,
            ..self.draft(text)
        })
    }

    /// Writes a text that the linked device cannot decrypt yet; [`Guest::decrypts`] follows.
    pub fn write_undecrypted(&self) -> String {
        let message = Message {
            text: None,
            ..self.draft("")
        };
        let raw_id = message.raw_id.clone();
        self.waha
            .arrive(&self.session, Arrival::Undecrypted(Box::new(message)));
        raw_id
    }

    /// The undecrypted message with this raw id turns out to be this text.
    pub fn decrypts(&self, raw_id: &str, text: &str) {
        self.send(Message {
            raw_id: raw_id.to_owned(),
            ..self.draft(text)
        });
    }

    /// Reacts to the message with this raw id; an empty text takes the reaction back.
    pub fn react(&self, raw_id: &str, text: &str) {
        let own = self.waha.world().network.sent.contains_key(raw_id);
        let from = Box::new(self.draft(""));
        let (to, text) = (raw_id.to_owned(), text.to_owned());
        self.waha.arrive(
            &self.session,
            Arrival::Reaction {
                from,
                to,
                own,
                text,
            },
        );
    }

    /// Changes the text of an own message.
    pub fn edit(&self, raw_id: &str, text: &str) {
        let edit = Box::new(self.draft(text));
        self.waha.arrive(
            &self.session,
            Arrival::Edit {
                edit,
                of: raw_id.to_owned(),
            },
        );
    }

    /// Deletes an own message for everybody.
    pub fn revoke(&self, raw_id: &str) {
        let revoke = Box::new(Message {
            text: None,
            ..self.draft("")
        });
        self.waha.arrive(
            &self.session,
            Arrival::Revoke {
                revoke,
                of: raw_id.to_owned(),
            },
        );
    }

    /// Opens the chat: the message with this raw id becomes read.
    pub fn reads(&self, raw_id: &str) {
        self.waha.ack(raw_id, READ);
    }

    /// What this guest's phone has shown, oldest first.
    pub fn phone(&self) -> Vec<Delivered> {
        self.waha.phone(&self.number)
    }

    /// Whether this guest has ever written.
    pub fn has_written(&self) -> bool {
        self.waha.world().network.person(&self.number).has_written
    }

    fn send(&self, message: Message) -> String {
        self.alter(|person| person.has_written = true);
        let raw_id = message.raw_id.clone();
        self.waha
            .arrive(&self.session, Arrival::Message(Box::new(message)));
        raw_id
    }

    fn draft(&self, text: &str) -> Message {
        let name = self.waha.world().network.person(&self.number).name.clone();
        let chat = ChatId::of_phone(&self.number);
        Message {
            ack: DEVICE,
            push_name: name,
            ..self.waha.draft(Author::Other, chat, text)
        }
    }

    fn lid(&self) -> ChatId {
        let lid = self.waha.world().network.person(&self.number).lid.clone();
        ChatId::of_lid(lid.as_deref().unwrap_or(&self.number))
    }

    fn alter(&self, change: impl FnOnce(&mut Person)) {
        change(self.waha.world().network.person(&self.number));
    }
}
