//! The owner types by hand to the person for whom a composition is open: the composition ends before the event is stored,
//! so that nobody sees the dots go on, however slow the rest of the system is.

use std::time::Duration;

use domain::chat_id::ChatId;
use domain::wire::{Fact, ObservedMessage};
use tracing::info;

use crate::app::Session;

/// WhatsApp's times are whole seconds, and its clock is not ours. An own message from further before the composition was
/// there when the chat was read.
const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);

/// Ends the open composition when `fact` is a message that the owner typed to the same person.
pub(super) async fn end_composition(session: &Session, fact: &Fact) {
    let Fact::Message(message) = fact else {
        return;
    };
    if !message.from_me || session.attempts.may_have_sent(&message.raw_id) {
        return;
    }
    let Some(open) = session.attempts.open_composition() else {
        return;
    };
    let is_new = message.at + CLOCK_TOLERANCE >= open.began;
    if is_new && is_with(session, message, &open.chat).await {
        let attempt = open.attempt;
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
    let phone = session.lid_phones.of(&session.waha, chat).await;
    phone.as_ref().is_some_and(same)
}
