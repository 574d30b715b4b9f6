//! The owner types by hand to the person for whom a composition is open: the composition ends before the event is stored,
//! so that nobody sees the dots go on, however slow the rest of the system is.

use domain::chat_id::ChatId;
use domain::wire::{Fact, ObservedMessage};
use tracing::info;

use crate::app::Session;

/// Ends the open composition when `fact` is a message that the owner typed to the same person.
pub(super) async fn end_composition(session: &Session, fact: &Fact) {
    let Fact::Message(message) = fact else {
        return;
    };
    if !message.from_me {
        return;
    }
    let Some((attempt, chat)) = session.attempts.open_composition() else {
        return;
    };
    let to: Vec<_> = [&message.chat, &chat]
        .into_iter()
        .chain(&message.alt)
        .collect();
    let sent_by_us = session.attempts.may_have_sent(&message.raw_id, &to);
    // Whenever it was written: clocks differ, and what is told now is not in the store yet.
    if !sent_by_us && is_with(session, message, &chat).await {
        info!(%attempt, session = session.name.as_str(), "the owner types to this person; the composition ends");
        session.attempts.end_for_hand_typing(attempt);
    }
}

/// Whether the message is in the chat with the person behind `chat`, under either identity.
async fn is_with(session: &Session, message: &ObservedMessage, chat: &ChatId) -> bool {
    let same = |chat: &ChatId| message.chat == *chat || message.alt.as_ref() == Some(chat);
    if same(chat) {
        return true;
    }
    let own = session.knowledge.own_chats();
    let phone = session.lid_phones.of(&session.waha, chat, &own).await;
    phone.as_ref().is_some_and(same)
}
