//! A message that the worker took, with all that its composition needs.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{AttemptId, ContactId, MessageId, ReservationId},
    lane::ReleaseLane,
    message_text::MessageText,
    pacing::Plan,
    phone_number::PhoneNumber,
};

/// A message that was taken, and all that its composition needs.
#[derive(Debug, Clone)]
pub struct Work {
    /// The message.
    pub message: MessageId,
    /// Its version at the claim: the commit refuses another one.
    pub version: i64,
    /// To whom.
    pub contact: ContactId,
    /// This try.
    pub attempt: AttemptId,
    /// The lane whose limits hold.
    pub lane: ReleaseLane,
    /// What to write.
    pub text: MessageText,
    /// The own number that writes. The evidence is for it.
    pub own_number: PhoneNumber,
    /// Where to: the chat of the contact's newest message on this session.
    pub chat: ChatId,
    /// How long each step takes.
    pub plan: Plan,
    /// The message that is answered: marked seen, and quoted.
    pub answers: Option<AnsweredMessage>,
    /// Whether WhatsApp should show a link's preview.
    pub link_preview: bool,
    /// The slot that is held for it.
    pub reservation: ReservationId,
    /// Its last moment.
    pub not_after: Option<Timestamp>,
}

/// The guest's message that an outgoing one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredMessage {
    /// WAHA's full id.
    pub full_id: String,
    /// WhatsApp's raw id.
    pub raw_id: String,
}
