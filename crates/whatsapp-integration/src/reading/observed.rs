//! A message of WAHA as our other services know it.

use chrono::DateTime;
use domain::Timestamp;
use domain::ack::Ack;
use domain::chat_id::ChatId;
use domain::phone_number::PhoneNumber;
use domain::wire::{MessageKind, ObservedMessage};
use waha::{Content, Message};

use crate::app::Session;
use crate::sessions::OwnChats;

/// The chat, when it is one with a single person.
pub(crate) fn direct(chat: &waha::ChatId) -> Option<ChatId> {
    ChatId::parse(chat.as_str()).ok()
}

/// The account that had a message.
#[derive(Clone, Copy)]
pub(crate) struct Receiver<'a> {
    /// Its number, where it is known.
    number: Option<&'a PhoneNumber>,
    /// Its chats, which are no other person's.
    own: &'a OwnChats,
}

impl<'a> Receiver<'a> {
    pub(crate) const fn new(number: Option<&'a PhoneNumber>, own: &'a OwnChats) -> Self {
        Self { number, own }
    }
}

/// The message, when it is in a direct chat; `otherwise` is its time when it tells none. What nothing else tells of an own message than
/// the account's own chat stays there: its id may be known.
pub(crate) async fn observed(
    session: &Session,
    message: Message,
    receiver: Receiver<'_>,
    otherwise: Timestamp,
) -> Option<ObservedMessage> {
    let Receiver { number, own } = receiver;
    let is_other = |chat: &ChatId| !own.has(chat);
    let mut chat = direct(&message.chat)?;
    if own.has(&chat) {
        let mut others = message.addressees.iter().filter_map(direct);
        chat = others
            .find(is_other)
            .filter(|_| message.from_me)
            .unwrap_or(chat);
    }
    let alt = match message.chat_alt.as_ref().and_then(direct).filter(is_other) {
        Some(alt) => {
            if is_other(&chat) {
                session.lid_phones.learn(&chat, &alt);
            }
            Some(alt)
        }
        None => session.lid_phones.of(&session.waha, &chat, own).await,
    };
    let alt = alt.filter(|alt| *alt != chat);
    Some(ObservedMessage {
        kind: kind(message.content),
        raw_id: message.raw_id,
        full_id: message.full_id,
        own_number: number.cloned(),
        read_in_chat: false,
        chat,
        alt,
        from_me: message.from_me,
        at: message.at.and_then(seconds).unwrap_or(otherwise),
        body: text(message.content, message.body),
        reply_to: message.reply_to,
        push_name: message.push_name.filter(|_| !message.from_me),
        ack: message.ack.filter(|_| message.from_me).and_then(ack),
    })
}

/// The same, read in its chat while that number was linked.
pub(super) async fn in_chat(
    session: &Session,
    message: Message,
    own_number: &PhoneNumber,
    otherwise: Timestamp,
) -> Option<ObservedMessage> {
    let own = session.knowledge.own_chats();
    let receiver = Receiver::new(Some(own_number), &own);
    let event = observed(session, message, receiver, otherwise).await?;
    Some(ObservedMessage {
        read_in_chat: true,
        ..event
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

/// Whether somebody said something with it. One that is not decrypted yet and a note of WhatsApp's own in the chat prove nothing:
/// they are no messages to us. Our own are always ours.
pub(crate) fn says_something(message: &Message) -> bool {
    message.from_me || message.content != Content::Nothing
}

const fn kind(content: Content) -> MessageKind {
    match content {
        Content::Text => MessageKind::Text,
        Content::Image => MessageKind::Photo,
        Content::Video => MessageKind::Video,
        Content::Audio => MessageKind::Voice,
        Content::Sticker => MessageKind::Sticker,
        Content::Document => MessageKind::Document,
        Content::Location => MessageKind::Location,
        Content::Contacts => MessageKind::ContactCard,
        Content::Other | Content::Nothing => MessageKind::Other,
    }
}

/// The text or caption. What engines put there for a place (a small picture) and for cards (other people's numbers) is not one.
fn text(content: Content, body: Option<String>) -> Option<String> {
    body.filter(|_| !matches!(content, Content::Location | Content::Contacts))
}
