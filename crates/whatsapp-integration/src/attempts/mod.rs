//! What became of each attempt of one session, in memory, for an hour (design §5).
//!
//! Not the sequence itself (that is `compositions`) but the one place that decides whether a call may be made. The
//! rules that must hold: an epoch only grows, and an attempt becomes [`AttemptState::Sending`] at most once, only from
//! `Ready`, within its 10 s.

mod book;
mod own_messages;
mod refusal;
#[cfg(test)]
#[path = "../../tests/unit/attempts.rs"]
mod tests;
mod ticket;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::Clock;
use domain::chat_id::ChatId;
use domain::ids::AttemptId;
use domain::wire::{AttemptState, CompositionEnd, SendReply};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use book::{Attempt, Book, Composition, Stage};
pub(crate) use refusal::Refusal;
pub(crate) use ticket::Ticket;

/// How long an attempt waits for its send once it is ready.
pub(crate) const READY_LIVES: Duration = Duration::from_secs(10);

/// Where the caller of `send` waits for the answer.
pub(crate) type Waiter = oneshot::Sender<SendReply>;

/// The attempts of one session.
pub(crate) struct Attempts {
    clock: Clock,
    book: Mutex<Book>,
}

impl Attempts {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            book: Mutex::default(),
        }
    }

    /// Refuses every epoch older than `epoch` from now on, ends their compositions, and tells whose call is running.
    pub(crate) fn fence(&self, epoch: i64) -> Result<Vec<AttemptId>, Refusal> {
        let mut book = self.book();
        book.check_epoch(epoch)?;
        book.raise(epoch);
        Ok(book.running())
    }

    /// Opens an attempt. A newer epoch ends the compositions of older ones; otherwise only one is open at a time.
    pub(crate) fn open(
        self: &Arc<Self>,
        id: AttemptId,
        epoch: i64,
        chat: ChatId,
    ) -> Result<Ticket, Refusal> {
        let composition = Composition {
            chat,
            message_id: None,
        };
        let mut book = self.book();
        book.check_epoch(epoch)?;
        if book.stopping {
            return Err(Refusal::Stopping);
        }
        if let Some(state) = book.state(id) {
            return Err(Refusal::Known(state));
        }
        book.raise(epoch);
        if let Some(open) = book.open_in(epoch) {
            return Err(Refusal::CompositionOpen(open));
        }
        let stop = CancellationToken::new();
        let attempt = Attempt {
            epoch,
            stage: Stage::Composing { stop: stop.clone() },
            composition: Some(composition),
        };
        book.enter(id, attempt);
        Ok(Ticket::new(Arc::clone(self), id, stop))
    }

    /// Hands `waiter` to the composition that is ready, whose one call begins now.
    pub(crate) fn call(&self, id: AttemptId, epoch: i64, waiter: Waiter) -> Result<(), Refusal> {
        let started_at = self.clock.now();
        let mut book = self.book();
        book.check_epoch(epoch)?;
        let attempt = book.attempt_mut(id).ok_or(Refusal::NotReady(None))?;
        let in_time = match &attempt.stage {
            Stage::Ready { until, .. } => attempt.epoch == epoch && Instant::now() < *until,
            _ => false,
        };
        if !in_time {
            return Err(Refusal::NotReady(Some(attempt.state())));
        }
        if let Stage::Ready { go, .. } = attempt.replace(Stage::Sending { started_at }) {
            // the composition holds the other end until it has left the stage
            let _ = go.send(waiter);
        }
        Ok(())
    }

    /// Ends a composition before its send. An attempt that was never seen is remembered as cancelled, so that a
    /// `compose` that is overtaken by its own cancellation does not start.
    pub(crate) fn cancel(&self, id: AttemptId, epoch: i64) -> Result<(), Refusal> {
        let mut book = self.book();
        book.check_epoch(epoch)?;
        let Some(attempt) = book.attempt_mut(id) else {
            let attempt = Attempt {
                epoch,
                stage: Stage::NeverCalled(CompositionEnd::Cancelled),
                composition: None,
            };
            book.enter(id, attempt);
            return Ok(());
        };
        match attempt.stage {
            Stage::Sending { .. } | Stage::Answered(_) => Err(Refusal::Called(attempt.state())),
            Stage::Composing { .. } | Stage::Ready { .. } | Stage::NeverCalled(_) => {
                book.end(id, CompositionEnd::Cancelled);
                Ok(())
            }
        }
    }

    /// Where an attempt is, while it is remembered.
    pub(crate) fn state(&self, id: AttemptId) -> Option<AttemptState> {
        self.book().state(id)
    }

    /// Whether any attempt is between its beginning and its answer.
    pub(crate) fn any_open(&self) -> bool {
        self.book().any_open()
    }

    /// Opens no more attempts and ends those that have not called yet.
    pub(crate) fn stop(&self) {
        self.book().stop();
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // no method leaves the book half-written
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
