//! A message as somebody wants it queued, and what is checked before anything is stored. Every mistake is found at once,
//! so that somebody with a thousand messages is not told of one at a time.

use std::ops::RangeInclusive;

use chassis::problem::FieldError;
use domain::Timestamp;
use domain::ids::{BroadcastId, ContactId, ConversationMessageId};
use domain::lane::Lane;
use domain::message_text::MessageText;
use domain::phone_number::{Country, PhoneNumber};
use domain::session::SessionName;
use serde::{Deserialize, Serialize};
use storage::Recipient;
use utoipa::ToSchema;

use crate::app::App;
use crate::{moment, schemas};

/// A message to be queued.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    /// Whose WhatsApp sends it.
    #[schema(value_type = schemas::SessionName)]
    session: String,
    /// Whom to: a phone number as people write it; without a country code it belongs to the configured country.
    /// Either this or `contact`.
    #[schema(value_type = Option<schemas::PhoneNumber>)]
    to: Option<String>,
    /// Whom to: a contact's id. Either this or `to`.
    #[schema(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// What: 1 to 65,536 characters.
    #[schema(value_type = schemas::Text)]
    text: String,
    /// How it is queued; `manual` when nothing is said. With `reply_to` it is a `reply`, whichever of the two is said.
    #[serde(default = "manual")]
    #[schema(value_type = schemas::Lane, required = false, default = "manual")]
    lane: Lane,
    /// Higher ones go first.
    #[serde(default)]
    #[schema(minimum = -100, maximum = 100)]
    priority: i32,
    /// Not before this time.
    #[schema(value_type = Option<schemas::Moment>)]
    not_before: Option<String>,
    /// Cancelled after this time, never sent late. Required for broadcasts.
    #[schema(value_type = Option<schemas::Moment>)]
    not_after: Option<String>,
    /// Cancelled when the contact writes before it went.
    #[serde(default)]
    drop_if_answered: bool,
    /// The message of theirs that it answers and quotes. Not with the lane `broadcast`: news answers nobody.
    #[schema(value_type = Option<Uuid>)]
    reply_to: Option<String>,
    /// Lifts the limits that a person may lift; needs the scope `operate`.
    #[serde(default)]
    pub(super) send_now: bool,
    /// Which news this is a copy of: required with the lane `broadcast`, refused with others. One of `/broadcasts`, which then
    /// counts, pauses and cancels it with its other copies, or any id of your own, which only keeps anybody from getting two.
    #[schema(value_type = Option<Uuid>)]
    broadcast: Option<String>,
    /// Whether WhatsApp shows a preview of a link.
    #[serde(default)]
    link_preview: bool,
}

const fn manual() -> Lane {
    Lane::Manual
}

/// A draft without mistakes.
pub(super) struct Checked {
    pub(super) session: SessionName,
    pub(super) recipient: Recipient,
    pub(super) text: MessageText,
    pub(super) lane: Lane,
    pub(super) priority: i32,
    pub(super) not_before: Option<Timestamp>,
    pub(super) not_after: Option<Timestamp>,
    pub(super) drop_if_answered: bool,
    pub(super) reply_to: Option<ConversationMessageId>,
    pub(super) send_now: bool,
    pub(super) broadcast: Option<BroadcastId>,
    pub(super) link_preview: bool,
}

/// The mistakes of one draft.
pub(super) struct Mistakes(pub(super) Vec<FieldError>);

impl Mistakes {
    pub(super) fn note(&mut self, field: &str, message: &(impl ToString + ?Sized)) {
        self.0.push(FieldError {
            field: field.to_owned(),
            message: message.to_string(),
        });
    }

    pub(super) fn keep<T, E: ToString>(&mut self, field: &str, outcome: Result<T, E>) -> Option<T> {
        outcome.map_err(|error| self.note(field, &error)).ok()
    }

    fn keep_optional<T, E: ToString>(
        &mut self,
        field: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        text.and_then(|text| self.keep(field, parse(text)))
    }
}

/// A message as a person writes it on the page.
pub(crate) struct ByHand {
    pub(crate) session: SessionName,
    pub(crate) contact: ContactId,
    pub(crate) text: String,
    pub(crate) lane: Lane,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) drop_if_answered: bool,
    pub(crate) reply_to: Option<ConversationMessageId>,
}

impl From<ByHand> for Draft {
    fn from(message: ByHand) -> Self {
        Self {
            session: message.session.to_string(),
            to: None,
            contact: Some(message.contact.to_string()),
            text: message.text,
            lane: message.lane,
            priority: 0,
            not_before: message.not_before.map(|at| at.to_rfc3339()),
            not_after: None,
            drop_if_answered: message.drop_if_answered,
            reply_to: message.reply_to.map(|id| id.to_string()),
            send_now: false,
            broadcast: None,
            link_preview: false,
        }
    }
}

impl Draft {
    /// The message, or everything that is wrong with it.
    ///
    /// A last moment that has passed is not a mistake: the same request may have been stored in time, and its repetition
    /// must be answered alike. Such a message is cancelled as expired, not sent.
    pub(super) fn check(self, app: &App, country: Country) -> Result<Checked, Vec<FieldError>> {
        let mut mistakes = Mistakes(Vec::new());
        let session = mistakes.keep("session", known_session(app, &self.session));
        let recipient = self.recipient(country, &mut mistakes);
        self.check_numbers(&mut mistakes);
        let not_before =
            mistakes.keep_optional("not_before", self.not_before.as_deref(), moment::parse);
        let not_after =
            mistakes.keep_optional("not_after", self.not_after.as_deref(), moment::parse);
        if let (Some(from), Some(to)) = (not_before, not_after)
            && from >= to
        {
            mistakes.note("not_after", "must be later than not_before");
        }
        let reply_to = mistakes.keep_optional("reply_to", self.reply_to.as_deref(), str::parse);
        let broadcast = mistakes.keep_optional("broadcast", self.broadcast.as_deref(), str::parse);
        let text = mistakes.keep("text", MessageText::parse(self.text));
        match (session, recipient, text) {
            (Some(session), Some(recipient), Some(text)) if mistakes.0.is_empty() => Ok(Checked {
                session,
                recipient,
                text,
                lane: if reply_to.is_some() {
                    self.lane.of_answer()
                } else {
                    self.lane
                },
                priority: self.priority,
                not_before,
                not_after,
                drop_if_answered: self.drop_if_answered,
                reply_to,
                send_now: self.send_now,
                broadcast,
                link_preview: self.link_preview,
            }),
            _ => Err(mistakes.0),
        }
    }

    fn recipient(&self, country: Country, mistakes: &mut Mistakes) -> Option<Recipient> {
        match (&self.to, &self.contact) {
            (Some(phone), None) => mistakes
                .keep("to", PhoneNumber::parse(phone, country))
                .map(Recipient::Phone),
            (None, Some(id)) => mistakes.keep("contact", id.parse()).map(Recipient::Contact),
            (Some(_), Some(_)) => {
                mistakes.note("to", "give either `to` or `contact`, not both");
                None
            }
            (None, None) => {
                mistakes.note(
                    "to",
                    "say whom it goes to: `to` with a phone number, or `contact`",
                );
                None
            }
        }
    }

    fn check_numbers(&self, mistakes: &mut Mistakes) {
        if !PRIORITIES.contains(&self.priority) {
            mistakes.note("priority", PRIORITY_RANGE);
        }
        let is_broadcast = self.lane == Lane::Broadcast;
        if is_broadcast && self.broadcast.is_none() {
            mistakes.note(
                "broadcast",
                "required with the lane broadcast: which news is it a copy of?",
            );
        }
        if is_broadcast && self.not_after.is_none() {
            mistakes.note(
                "not_after",
                "required with the lane broadcast: after when is the news old?",
            );
        }
        if is_broadcast && self.reply_to.is_some() {
            mistakes.note(
                "reply_to",
                "not with the lane broadcast: news answers nobody",
            );
        }
        if !is_broadcast && self.broadcast.is_some() {
            mistakes.note("broadcast", "only with the lane broadcast");
        }
    }
}

/// What a priority may be.
pub(crate) const PRIORITIES: RangeInclusive<i32> = -100..=100;
pub(super) const PRIORITY_RANGE: &str = "use a number from -100 to 100";

fn known_session(app: &App, text: &str) -> Result<SessionName, String> {
    SessionName::parse(text)
        .ok()
        .filter(|name| app.knows(name))
        .ok_or_else(|| format!("unknown session: use one of {}", app.session_list()))
}
