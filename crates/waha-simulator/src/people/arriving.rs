//! What WhatsApp hands to the linked device: now, when it is back, or with the history of the next pairing.

use std::sync::Arc;
use std::time::Duration;

use crate::address::ChatId;
use crate::misbehaviour::Misbehaviour;
use crate::shapes::View;
use crate::waha::Waha;
use crate::world::attachment::Attachment;
use crate::world::message::{Author, Message};
use crate::world::network::Arrival;
use crate::world::session::Session;

/// How long an event waits for media that cannot be fetched (recorded).
const FETCHING: Duration = Duration::from_secs(12);

impl Waha {
    /// Something happens on WhatsApp that this session's linked device will learn of.
    pub(crate) fn arrive(self: &Arc<Self>, name: &str, arrival: Arrival) {
        let state = self.look(name, |session| (session.is_working(), session.is_linked()));
        match (state.unwrap_or_default(), arrival) {
            ((true, _), arrival) => self.take_in(name, arrival),
            ((false, true), arrival) => {
                let mut world = self.world();
                world
                    .network
                    .waiting
                    .entry(name.to_owned())
                    .or_default()
                    .push(arrival);
            }
            ((false, false), Arrival::Message(message)) => {
                let mut world = self.world();
                world
                    .network
                    .history
                    .entry(name.to_owned())
                    .or_default()
                    .push(*message);
            }
            ((false, false), _) => {}
        }
    }

    /// The backlog of a device that was away, all at once and with its old times.
    pub(crate) fn take_in_what_waited(self: &Arc<Self>, name: &str) {
        let waiting = self
            .world()
            .network
            .waiting
            .remove(name)
            .unwrap_or_default();
        for arrival in waiting {
            self.take_in(name, arrival);
        }
    }

    fn take_in(self: &Arc<Self>, name: &str, arrival: Arrival) {
        let own = self.own_number(name);
        let lens = self.lens(&own, View::Event);
        match arrival {
            Arrival::Message(message) => self.take_in_message(name, *message),
            Arrival::Undecrypted(message) => {
                // the socket engine keeps what it could not read, and shows it in reads
                if self.profile().is_noweb() {
                    self.keep(name, (*message).clone());
                }
                let payload = lens.message(&message);
                self.emit(name, &["message.waiting"], &payload, Some(&message.chat));
            }
            Arrival::Reaction {
                from,
                to,
                own,
                text,
            } => {
                let payload = lens.reaction(&from, &to, own, &text);
                self.emit(name, &["message.reaction"], &payload, Some(&from.chat));
            }
            Arrival::Edit { edit, of } => {
                self.change(name, |session| {
                    if let Some(kept) = session.store.find_mut(&of) {
                        kept.text.clone_from(&edit.text);
                    }
                });
                let payload = lens.edited(&edit, &of);
                self.emit(name, &["message.edited"], &payload, Some(&edit.chat));
            }
            Arrival::Revoke { revoke, of } => {
                let before = self
                    .change(name, |session| session.store.remove(&of))
                    .flatten();
                let payload = lens.revoked(&revoke, &of, before.as_ref());
                self.emit(name, &["message.revoked"], &payload, Some(&revoke.chat));
            }
            Arrival::Ack { raw_id, level } => self.take_in_ack(name, &raw_id, level),
        }
    }

    fn take_in_message(self: &Arc<Self>, name: &str, mut message: Message) {
        if message.author == Author::OwnPhone && self.profile().mixes_up_identities() {
            message.chat = ChatId::of_phone(&self.own_number(name));
        }
        let group = message.chat.is_group();
        let ignored = self.look(name, |session| group && session.ignores("groups"));
        if ignored == Some(true) {
            return;
        }
        let unreachable = message.has_media()
            && self
                .takes(Some(&message.chat), |m| {
                    *m == Misbehaviour::MediaUnreachable
                })
                .is_some();
        if unreachable {
            message.attachment = message.attachment.map(|attachment| Attachment {
                reachable: false,
                ..attachment
            });
        }
        self.keep(name, message.clone());
        if self.is_lost_as_first(name, &message) {
            return;
        }
        if !unreachable {
            self.tell_message(name, &message);
            return;
        }
        let run = self.look(name, |session| session.run).unwrap_or_default();
        self.in_this_life(name, |waha, name| async move {
            waha.wait(FETCHING).await;
            // an event that was held back is lost when the session restarts meanwhile (recorded)
            if waha.is_run(&name, run) {
                waha.tell_message(&name, &message);
            }
        });
    }

    fn is_lost_as_first(&self, name: &str, message: &Message) -> bool {
        let first = !message.is_own()
            && self.change(name, |session| session.heard.insert(message.chat.clone()))
                == Some(true);
        let chat = Some(&message.chat);
        first
            && self
                .takes(chat, |m| *m == Misbehaviour::FirstMessageOfChatLost)
                .is_some()
    }

    fn tell_message(self: &Arc<Self>, name: &str, message: &Message) {
        let own = self.own_number(name);
        let payload = self.lens(&own, View::Event).message(message);
        let events: &[&str] = if message.is_own() {
            &["message.any"]
        } else {
            &["message", "message.any"]
        };
        self.emit(name, events, &payload, Some(&message.chat));
    }

    /// Puts a message into the store, if this session keeps one, and learns who is behind a hidden id.
    pub(crate) fn keep(&self, name: &str, mut message: Message) {
        let lag = message.is_own().then(|| {
            self.takes(Some(&message.chat), |m| {
                matches!(m, Misbehaviour::StoreLags { .. })
            })
        });
        if let Some(Some(Misbehaviour::StoreLags { by })) = lag {
            message.visible_from = self.now() + by;
        }
        let profile = self.profile();
        self.change(name, |session: &mut Session| {
            if !session.keeps_messages(profile) {
                return;
            }
            if let Some(phone) = &message.twin {
                session.store.learn_lid(message.chat.clone(), phone.clone());
            }
            session.store.put(message);
        });
    }
}
