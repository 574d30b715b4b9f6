//! What an event means to us: one fact, or nothing.

use chrono::DateTime;
use domain::Timestamp;
use domain::wire::{AckFact, Fact, ObservedMessage};
use waha::{Event, EventKind, Message};

use crate::app::Session;
use crate::reading::{Receiver, ack, direct, observed, says_something};
use crate::sessions::{OwnChats, number_of};

/// The fact, unless the event is about a group, a channel or a status, or tells nothing we keep. `now` is when it came.
pub(super) async fn translate(session: &Session, event: Event, now: Timestamp) -> Option<Fact> {
    let at = DateTime::from_timestamp_millis(event.at_ms).unwrap_or(now);
    let own_number = event.me.as_ref().and_then(number_of);
    let own = event.me.as_ref().map(OwnChats::of);
    let own = own.unwrap_or_else(|| session.knowledge.own_chats());
    let receiver = Receiver::new(own_number.as_ref(), &own);
    let see = async |message: Message| observed(session, message, receiver, at).await;
    match event.kind {
        EventKind::Message(message) if says_something(&message) => {
            see(*message).await.map(Fact::Message)
        }
        EventKind::Waiting(message) if message.from_me => None,
        EventKind::Waiting(message) => see(*message).await.map(Fact::Waiting),
        EventKind::Edited {
            target_raw_id,
            message,
        } => {
            let message = see(*message).await?;
            Some(Fact::Edited {
                target: target_raw_id,
                message,
            })
        }
        EventKind::Reaction {
            message,
            target_raw_id,
            emoji,
        } => {
            let message = see(*message).await?;
            Some(reaction(message, target_raw_id, emoji))
        }
        EventKind::Revoked {
            target_raw_id,
            chat,
        } => {
            let chat = direct(&chat?)?;
            Some(Fact::Revoked {
                alt: session.lid_phones.of(&session.waha, &chat, &own).await,
                chat,
                target: target_raw_id,
                at,
            })
        }
        EventKind::Ack {
            raw_id,
            chat,
            from_me: true,
            ack: level,
        } => {
            direct(&chat)?;
            let ack = ack(level)?;
            Some(Fact::Ack(AckFact { raw_id, ack, at }))
        }
        // notes of WhatsApp's own; receipts for what others wrote; states, which are read again; what we did not ask for
        EventKind::Message(_)
        | EventKind::Ack { .. }
        | EventKind::SessionStatus { .. }
        | EventKind::Other(_) => None,
    }
}

fn reaction(message: ObservedMessage, target: String, emoji: Option<String>) -> Fact {
    Fact::Reaction {
        chat: message.chat,
        alt: message.alt,
        target,
        emoji: emoji.unwrap_or_default(),
        from_me: message.from_me,
        at: message.at,
    }
}
