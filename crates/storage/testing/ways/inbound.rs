//! What comes in: messages, reactions, changes, receipts of unknown messages, and the reading of chats.

use std::time::Duration;

use domain::{
    ack::Ack,
    chat_id::ChatId,
    wire::{AckFact, MessageKind, ObservedMessage},
};

use super::{Observer, Ways};
use crate::{Error, InChat, Reaction, Recorded};

/// As many messages as one page of a chat has.
const CHAT: u64 = 50;

impl Ways {
    pub(super) async fn inbound(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        for guest in 0..7 {
            let message = self.said(guest, "IN");
            let call = store.record_message(&session, &message, now);
            let recorded = see.observe("record_message: a guest's", call).await?;
            assert!(matches!(recorded, Recorded::Inbound { new: true, .. }));
        }
        let message = self.said(0, "IN");
        let call = store.record_message(&session, &message, now);
        see.observe("record_message: seen before", call).await?;
        let stranger = ObservedMessage {
            chat: ChatId::Phone(format!("3933399{:05}", self.round)),
            ..self.said(0, "STRANGER")
        };
        let call = store.record_message(&session, &stranger, now);
        see.observe("record_message: an unknown writer's", call)
            .await?;
        let typed = ObservedMessage {
            from_me: true,
            ..self.said(8, "TYPED")
        };
        let call = store.record_message(&session, &typed, now);
        see.observe("record_message: typed by hand", call).await?;
        for (call, wish) in [
            ("record_message: STOP", "STOP"),
            ("record_message: START", "START"),
        ] {
            let message = ObservedMessage {
                body: Some(wish.to_owned()),
                ..self.said(7, wish)
            };
            see.observe(call, store.record_message(&session, &message, now))
                .await?;
        }
        self.changes(&message.raw_id, see).await?;
        self.receipts(see).await?;
        self.chats(see).await
    }

    /// What happens to a message after it was said.
    async fn changes(&mut self, said: &str, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        let chat = Self::chat(0);
        let place = InChat {
            chat: &chat,
            alt: None,
        };
        let reaction = Reaction {
            target: "OUT0",
            emoji: "+",
            from_me: false,
            at: now,
        };
        let call = store.record_reaction(&session, place, reaction, now);
        see.observe("record_reaction", call).await?;
        let edited = self.said(0, "EDIT");
        let call = store.record_edit(&session, said, &edited, now);
        see.observe("record_edit", call).await?;
        let gone = self.said(1, "IN").raw_id;
        let chat = Self::chat(1);
        let place = InChat {
            chat: &chat,
            alt: None,
        };
        let call = store.record_revoke(&session, place, &gone, now, now);
        see.observe("record_revoke", call).await?;
        let waiting = ObservedMessage {
            body: None,
            ..self.said(1, "UNREADABLE")
        };
        let call = store.record_unreadable(&session, &waiting, now);
        see.observe("record_unreadable", call).await?;
        see.observe("unreadable", store.unreadable(now, 50)).await?;
        let call = store.undelivered(None, Duration::from_hours(24), 50, now);
        see.observe("undelivered", call).await.map(|_| ())
    }

    async fn receipts(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        let fact = AckFact {
            raw_id: format!("NOBODYS{}", self.round),
            ack: Ack::Device,
            at: now,
        };
        let call = store.record_ack(&session, &fact);
        see.observe("record_ack: before its message", call).await?;
        let fact = AckFact {
            raw_id: "OUT2".to_owned(),
            ack: Ack::Played,
            at: now,
        };
        let call = store.record_ack(&session, &fact);
        see.observe("record_ack: of an old message", call).await?;
        Ok(())
    }

    async fn chats(&mut self, see: &mut impl Observer) -> Result<(), Error> {
        let (store, session, now) = (self.store.clone(), self.session.clone(), self.now);
        let read: Vec<_> = (0..CHAT)
            .map(|n| ObservedMessage {
                raw_id: format!("OUT{}", 2 * n),
                from_me: true,
                ..self.said(0, "READ")
            })
            .collect();
        let call = store.unrecorded(&session, &read, now);
        see.observe("unrecorded: a chat of 50", call).await?;
        see.observe("chats_to_read", store.chats_to_read(&session))
            .await?;
        let call = store.sessions_asked_to_read(now);
        see.observe("sessions_asked_to_read", call).await?;
        let view = self.connected();
        let call = store.record_session(&session, &view, now);
        see.observe("record_session", call).await?;
        Ok(())
    }

    /// The n-th guest's chat.
    pub(super) fn chat(n: u64) -> ChatId {
        ChatId::Phone(format!("39347{n:07}"))
    }

    /// What the n-th guest writes in this round.
    pub(super) fn said(&self, n: u64, what: &str) -> ObservedMessage {
        let (chat, raw_id) = (Self::chat(n), format!("{what}OF{n}IN{}", self.round));
        ObservedMessage {
            full_id: format!("false_{chat}_{raw_id}"),
            raw_id,
            own_number: None,
            read_in_chat: false,
            chat,
            alt: None,
            from_me: false,
            at: self.now,
            kind: MessageKind::Text,
            body: Some("Hello".to_owned()),
            reply_to: None,
            push_name: None,
            ack: None,
        }
    }
}
