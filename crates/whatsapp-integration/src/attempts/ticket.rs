//! What the composition of an attempt holds: the right to move that attempt on.

use std::sync::Arc;

use domain::ids::AttemptId;
use domain::outcome::SendAnswer;
use domain::wire::{CompositionEnd, SendReply};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::book::Stage;
use super::{Attempts, READY_LIVES, Waiter};

/// One open attempt. A ticket that is dropped too early, by a panic or the end of the process's runtime, closes it.
pub(crate) struct Ticket {
    attempts: Arc<Attempts>,
    id: AttemptId,
    stop: CancellationToken,
}

/// The call was asked for, so the attempt can no longer end without it.
#[derive(Debug)]
pub(crate) struct Called;

impl Ticket {
    pub(super) const fn new(
        attempts: Arc<Attempts>,
        id: AttemptId,
        stop: CancellationToken,
    ) -> Self {
        Self { attempts, id, stop }
    }

    pub(crate) const fn id(&self) -> AttemptId {
        self.id
    }

    /// Cancelled when somebody else ended the composition.
    pub(crate) const fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Ready from now on; the receiver gets the waiter of the one `send`. Fails when it was ended meanwhile.
    /// `message_id` is the raw id that the message shall have.
    pub(crate) fn ready(
        &self,
        message_id: Option<&str>,
    ) -> Result<oneshot::Receiver<Waiter>, CompositionEnd> {
        let mut book = self.attempts.book();
        let Some(attempt) = book.attempt_mut(self.id) else {
            return Err(CompositionEnd::Cancelled);
        };
        if let Some(composition) = &mut attempt.composition {
            composition.message_id = message_id.map(str::to_owned);
        }
        let (go, called) = oneshot::channel();
        match &attempt.stage {
            Stage::Composing { stop } => {
                let stop = stop.clone();
                let until = Instant::now() + READY_LIVES;
                attempt.stage = Stage::Ready { stop, until, go };
                Ok(called)
            }
            Stage::NeverCalled(why) => Err(*why),
            _ => Err(CompositionEnd::Cancelled),
        }
    }

    /// Ends the composition; an earlier end keeps its reason, which is returned.
    pub(crate) fn end(&self, why: CompositionEnd) -> Result<CompositionEnd, Called> {
        let mut book = self.attempts.book();
        book.end(self.id, why);
        match book.attempt_mut(self.id).map(|attempt| &attempt.stage) {
            Some(Stage::NeverCalled(why)) => Ok(*why),
            Some(Stage::Sending { .. } | Stage::Answered(_)) => Err(Called),
            _ => Ok(why),
        }
    }

    /// The call ended.
    pub(crate) fn answered(&self, reply: SendReply) {
        self.attempts.book().answered(self.id, reply);
    }
}

impl Drop for Ticket {
    /// A call that nobody watches any more proves nothing; a composition that nobody plays will never call.
    fn drop(&mut self) {
        let answered_at = self.attempts.clock.now();
        let mut book = self.attempts.book();
        book.end(self.id, CompositionEnd::Stopping);
        let started_at = match book.attempt_mut(self.id).map(|attempt| &attempt.stage) {
            Some(Stage::Sending { started_at }) => *started_at,
            _ => return,
        };
        let answer = SendAnswer::Unclear;
        let reply = SendReply {
            answer,
            started_at,
            answered_at,
        };
        book.answered(self.id, reply);
    }
}
