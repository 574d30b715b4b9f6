//! Whether an own message that WAHA told of was typed by the owner while a composition is open.
//!
//! A composition has sent nothing: an own message to the same person is another attempt's, or was typed by hand.

use domain::chat_id::ChatId;
use domain::ids::AttemptId;
use domain::outcome::SendAnswer;
use domain::wire::CompositionEnd;

use super::Attempts;
use super::book::{Attempt, Stage};

impl Attempts {
    /// The composition that is being shown, or about to be, and its chat.
    pub(crate) fn open_composition(&self) -> Option<(AttemptId, ChatId)> {
        let book = self.book();
        let mut open = book
            .attempts()
            .filter(|(_, attempt)| attempt.may_be_stopped());
        let (attempt, found) = open.next()?;
        let composition = found.composition.as_ref()?;
        Some((attempt, composition.chat.clone()))
    }

    /// Whether an attempt of the last hour can have sent the message with this raw id to the person with these identities.
    pub(crate) fn may_have_sent(&self, raw_id: &str, to: &[&ChatId]) -> bool {
        let book = self.book();
        book.attempts()
            .any(|(_, attempt)| attempt.may_have_sent(raw_id, to))
    }

    /// Ends a composition because the owner types to the same person.
    pub(crate) fn end_for_hand_typing(&self, id: AttemptId) {
        self.book().end(id, CompositionEnd::HandTyped);
    }
}

impl Attempt {
    fn may_have_sent(&self, raw_id: &str, to: &[&ChatId]) -> bool {
        let Some(composition) = &self.composition else {
            return false;
        };
        let is_to_them = to.contains(&&composition.chat);
        let by_answer = match &self.stage {
            Stage::Sending { .. } => is_to_them,
            Stage::Answered(reply) => match &reply.answer {
                SendAnswer::Accepted { raw_id: Some(told) } => told == raw_id,
                SendAnswer::Accepted { raw_id: None } | SendAnswer::Unclear => is_to_them,
                _ => false,
            },
            Stage::Composing { .. } | Stage::Ready { .. } | Stage::NeverCalled(_) => false,
        };
        by_answer || composition.message_id.as_deref() == Some(raw_id)
    }
}
