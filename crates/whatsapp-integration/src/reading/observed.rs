//! A message of WAHA as our other services know it.

use chrono::DateTime;
use domain::Timestamp;
use domain::ack::Ack;
use domain::chat_id::ChatId;
use domain::wire::{MessageKind, ObservedMessage};
use waha::Message;

use crate::app::Session;

/// The chat, when it is one with a single person.
pub(crate) fn direct(chat: &waha::ChatId) -> Option<ChatId> {
    ChatId::parse(chat.as_str()).ok()
}

/// The message, when it is in a direct chat. `otherwise` is its time when it tells none.
pub(crate) async fn observed(
    session: &Session,
    message: Message,
    otherwise: Timestamp,
) -> Option<ObservedMessage> {
    let chat = direct(&message.chat)?;
    let alt = match message.chat_alt.as_ref().and_then(direct) {
        Some(alt) => {
            session.lid_phones.learn(&chat, &alt);
            Some(alt)
        }
        None => session.lid_phones.of(&session.waha, &chat).await,
    };
    Some(ObservedMessage {
        kind: kind(&message),
        raw_id: message.raw_id,
        full_id: message.full_id,
        chat,
        alt,
        from_me: message.from_me,
        at: message.at.and_then(seconds).unwrap_or(otherwise),
        body: message.body,
        reply_to: message.reply_to,
        push_name: message.push_name.filter(|_| !message.from_me),
        ack: message.ack.filter(|_| message.from_me).and_then(ack),
    })
}

/// Unix seconds as a time.
fn seconds(at: i64) -> Option<Timestamp> {
    DateTime::from_timestamp(at, 0)
}

/// WAHA's level in the words of `domain`.
pub(crate) fn ack(ack: waha::Ack) -> Option<Ack> {
    Ack::try_from(i64::from(ack.level())).ok()
}

/// By the kind of media. Places and contact cards have none and cannot be told from other messages without text.
fn kind(message: &Message) -> MessageKind {
    let Some(mimetype) = &message.media_mimetype else {
        return match &message.body {
            Some(_) if !message.has_media => MessageKind::Text,
            _ => MessageKind::Other,
        };
    };
    let (class, form) = mimetype.split_once('/').unwrap_or((mimetype, ""));
    match (class, form.split(';').next().unwrap_or(form)) {
        // pictures that people take are never of this form
        ("image", "webp") => MessageKind::Sticker,
        ("image", _) => MessageKind::Photo,
        ("video", _) => MessageKind::Video,
        ("audio", _) => MessageKind::Voice,
        _ => MessageKind::Document,
    }
}
