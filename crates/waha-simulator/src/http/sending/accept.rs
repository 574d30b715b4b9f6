//! The moment a send becomes irrevocable: it is stored, told, and put on the guest's phone.

use std::sync::Arc;

use super::Outgoing;
use crate::address::raw_part;
use crate::misbehaviour::Misbehaviour as M;
use crate::record::{RecordedCall, WrittenBy};
use crate::shapes::View;
use crate::waha::Waha;
use crate::webhooks::FirstAttempts;
use crate::world::message::{Author, Message};

impl Waha {
    pub(super) async fn accept(self: &Arc<Self>, outgoing: &Outgoing, fate: Option<&M>) -> Message {
        let session = outgoing.session.as_str();
        let message = self.written(outgoing);
        self.be_active(session);
        self.note(
            session,
            RecordedCall::SendAccepted {
                chat: message.chat.as_str().to_owned(),
                raw_id: message.raw_id.clone(),
            },
        );
        self.keep(session, message.clone());
        match fate {
            Some(M::RefusedByWhatsApp | M::Restricted) => {
                self.remember_sent(session, &message);
                self.schedule_refusal(session, &message.raw_id);
            }
            Some(M::StaysAtServer) => {
                self.remember_sent(session, &message);
                self.schedule_server_ack(session, &message.raw_id);
            }
            Some(M::StaysPending) => self.remember_sent(session, &message),
            _ => self.put_on_phone(session, &message),
        }
        self.tell_own(session, &message).await;
        message
    }

    fn written(&self, outgoing: &Outgoing) -> Message {
        let keeps = self.look(&outgoing.session, |s| s.keeps_messages(self.profile()));
        // an unknown message, or none kept: no quote, and no word about it (recorded)
        let quoted = outgoing
            .reply_to
            .as_deref()
            .filter(|_| keeps == Some(true))
            .and_then(|id| self.quote_of_store(&outgoing.session, id));
        let draft = self.draft(Author::Api, outgoing.chat.clone(), &outgoing.text);
        let raw_id = outgoing.id.as_deref().map(raw_part).map(str::to_owned);
        Message {
            raw_id: raw_id.unwrap_or(draft.raw_id.clone()),
            quoted,
            ..draft
        }
    }

    fn put_on_phone(self: &Arc<Self>, session: &str, message: &Message) {
        self.hand_over(session, message, WrittenBy::Waha);
        let reachable = {
            let world = self.world();
            world
                .network
                .is_on_whatsapp(&world.network.phone_of(&message.chat))
        };
        if reachable {
            self.schedule_acks(session, &message.raw_id);
        }
    }

    /// The event of an own message goes before the HTTP answer (recorded), unless the configuration wants it later.
    async fn tell_own(self: &Arc<Self>, session: &str, message: &Message) {
        let Some(after) = self.config.own_event_after_answer else {
            return self.emit_own(session, message).settle().await;
        };
        let message = message.clone();
        self.in_this_life(session, |waha, session| async move {
            tokio::time::sleep(after).await;
            waha.emit_own(&session, &message);
        });
    }

    fn emit_own(self: &Arc<Self>, session: &str, message: &Message) -> FirstAttempts {
        let own = self.own_number(session);
        let payload = self.lens(&own, View::Event).message(message);
        self.emit(session, &["message.any"], &payload, Some(&message.chat))
    }
}
