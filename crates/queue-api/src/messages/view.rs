//! A message as people and programs see it.

use chrono::{DateTime, Utc};
use domain::ids::{AttemptId, BroadcastId, ContactId, ConversationMessageId, MessageId};
use domain::lane::Lane;
use domain::message_status::MessageStatus;
use domain::message_text::MessageText;
use domain::outcome::FailureReason;
use domain::release::Band;
use domain::wait::{AwaitedEvent, AwaitedPerson, Ends, Wait};
use serde::Serialize;
use storage::{MessageRow, TimelineEvent};
use utoipa::ToSchema;

use crate::auth::{Identity, Scope};
use crate::schemas;

/// A message in the queue.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageView {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: MessageId,
    /// Whose WhatsApp sends it.
    #[schema(value_type = String)]
    session: domain::session::SessionName,
    /// Whom it goes to.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// Their phone number, when it is known and the token has the scope `read`.
    #[schema(example = "+39 347 000 0001")]
    to: Option<String>,
    /// The guests who share this contact; none for a token without the scope `read`.
    guests: Vec<String>,
    /// What it says; only shown to tokens with the scope `read`.
    #[schema(value_type = Option<String>)]
    text: Option<MessageText>,
    /// How it was queued.
    #[schema(value_type = schemas::Lane)]
    lane: Lane,
    /// Higher ones go first.
    priority: i32,
    /// Not before this time.
    not_before: Option<DateTime<Utc>>,
    /// Cancelled after this time.
    not_after: Option<DateTime<Utc>>,
    /// Cancelled when the contact writes before it went.
    drop_if_answered: bool,
    /// The message of theirs that it answers.
    #[schema(value_type = Option<Uuid>)]
    reply_to: Option<ConversationMessageId>,
    /// A person said: now.
    send_now: bool,
    /// Which news it is a copy of.
    #[schema(value_type = Option<Uuid>)]
    broadcast: Option<BroadcastId>,
    /// Whether WhatsApp shows a preview of a link.
    link_preview: bool,
    /// Where it is in its life.
    #[schema(value_type = schemas::MessageStatus)]
    status: MessageStatus,
    /// Counts changes: pass it as `If-Match` to change only what you have seen.
    pub(super) version: i64,
    /// Why it does not go right now, and what ends that. Lists show what the message itself and its whole session wait for;
    /// that others go first, or that it is too late, is told by the message alone.
    wait: Option<WaitView>,
    /// How often it was tried.
    attempts: i64,
    /// The attempt that is open, or was the last.
    #[schema(value_type = Option<Uuid>)]
    attempt: Option<AttemptId>,
    /// Why it failed.
    #[schema(value_type = Option<schemas::FailureReason>)]
    last_error: Option<FailureReason>,
    /// What to do about that, in a sentence.
    failure_advice: Option<&'static str>,
    /// When somebody left that failure at that.
    failure_left_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    cancel_reason: Option<String>,
    /// When it was queued.
    queued_at: DateTime<Utc>,
    /// When the last attempt passed the point of no return.
    committed_at: Option<DateTime<Utc>>,
    /// When WhatsApp's side accepted it.
    sent_at: Option<DateTime<Utc>>,
    /// When it reached a device.
    delivered_at: Option<DateTime<Utc>>,
    /// When it was read.
    read_at: Option<DateTime<Utc>>,
}

/// Why something does not go, and until when.
#[derive(Serialize, ToSchema)]
#[schema(as = Wait)]
pub(crate) struct WaitView {
    /// The reason, for programs.
    #[schema(example = "guest_has_not_written")]
    pub(super) reason: &'static str,
    /// The reason, for people.
    pub(super) sentence: String,
    /// What ends it.
    pub(super) ends: EndsView,
}

/// What ends a wait: exactly one of a time, an event or a person.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = Ends)]
pub(crate) struct EndsView {
    /// This time, as far as is known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
    /// When this happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schemas::AwaitedEvent>)]
    event: Option<AwaitedEvent>,
    /// When somebody does this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schemas::AwaitedPerson>)]
    person: Option<AwaitedPerson>,
}

/// When it will probably go.
#[derive(Serialize, ToSchema)]
#[schema(as = Forecast)]
pub(crate) struct ForecastView {
    /// Probably not earlier.
    from: DateTime<Utc>,
    /// Probably not later.
    to: DateTime<Utc>,
}

/// One step of a message's life.
#[derive(Serialize, ToSchema)]
#[schema(as = Step)]
pub(crate) struct StepView {
    /// What happened.
    #[schema(example = "typing")]
    phase: String,
    /// When.
    at: DateTime<Utc>,
    /// How long it took, in milliseconds, when it took time.
    duration_ms: Option<i64>,
    /// More about it.
    detail: Option<String>,
}

/// A message with its whole story.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageDetail {
    #[serde(flatten)]
    pub(super) message: MessageView,
    /// When it will probably go; absent when an event or a person decides, and once it went.
    pub(super) forecast: Option<ForecastView>,
    /// What happened to it, oldest first.
    pub(super) timeline: Vec<StepView>,
}

impl MessageDetail {
    /// As this token may see it: changing a message does not need the scope to read it.
    pub(super) fn shown_to(mut self, token: &Identity) -> Self {
        if !token.may(Scope::Read) {
            self.message.text = None;
            self.message.to = None;
            self.message.guests.clear();
        }
        self
    }

    /// For the `ETag`.
    pub(super) fn version(&self) -> i64 {
        self.message.version
    }
}

impl MessageView {
    /// The row as it is shown, and why it waits.
    pub(super) fn of(row: MessageRow, wait: Option<WaitView>) -> Self {
        Self {
            id: row.id,
            session: row.session,
            contact: row.contact,
            to: row.phone.map(|phone| phone.international()),
            guests: row.guest_names,
            text: Some(row.text),
            lane: row.lane,
            priority: row.priority,
            not_before: row.not_before,
            not_after: row.not_after,
            drop_if_answered: row.drop_if_answered,
            reply_to: row.reply_to,
            send_now: row.send_now,
            broadcast: row.broadcast,
            link_preview: row.link_preview,
            status: row.status,
            version: row.version,
            wait,
            attempts: row.attempts,
            attempt: row.attempt,
            last_error: row.last_error,
            failure_advice: row.last_error.map(FailureReason::advice),
            failure_left_at: row.failure_left_at,
            cancel_reason: row.cancel_reason.map(|reason| reason.to_string()),
            queued_at: row.queued_at,
            committed_at: row.committed_at,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
        }
    }
}

impl From<Wait> for WaitView {
    fn from(wait: Wait) -> Self {
        Self {
            reason: wait.reason.as_str(),
            sentence: wait.reason.sentence().to_owned(),
            ends: wait.ends.into(),
        }
    }
}

impl From<Ends> for EndsView {
    fn from(ends: Ends) -> Self {
        let mut view = Self::default();
        match ends {
            Ends::At(at) => view.at = Some(at),
            Ends::Event(event) => view.event = Some(event),
            Ends::Person(person) => view.person = Some(person),
        }
        view
    }
}

impl From<Band> for ForecastView {
    fn from(Band { from, to }: Band) -> Self {
        Self { from, to }
    }
}

impl From<TimelineEvent> for StepView {
    fn from(event: TimelineEvent) -> Self {
        Self {
            phase: event.phase,
            at: event.at,
            duration_ms: event.duration_ms,
            detail: event.detail,
        }
    }
}
