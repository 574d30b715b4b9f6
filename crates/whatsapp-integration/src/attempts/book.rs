//! The entries behind [`super::Attempts`]: plain data and its transitions, under one lock, nothing asynchronous.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use domain::Timestamp;
use domain::chat_id::ChatId;
use domain::ids::AttemptId;
use domain::wire::{AttemptState, CompositionEnd, SendReply};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Refusal, Waiter};

/// How long a finished attempt is remembered (design §5).
const REMEMBERED: Duration = Duration::from_hours(1);
/// How many finished ones at most; far above what the limits of design §6 allow in an hour.
const MOST: usize = 4096;

pub(super) enum Stage {
    Composing {
        stop: CancellationToken,
    },
    Ready {
        stop: CancellationToken,
        until: Instant,
        go: oneshot::Sender<Waiter>,
    },
    Sending {
        started_at: Timestamp,
    },
    Answered(SendReply),
    NeverCalled(CompositionEnd),
}

pub(super) struct Attempt {
    pub(super) epoch: i64,
    pub(super) stage: Stage,
    /// None for an attempt that was cancelled before it came.
    pub(super) composition: Option<Composition>,
}

/// What an attempt composes.
pub(super) struct Composition {
    pub(super) chat: ChatId,
    /// The raw id that the message shall have, where the server gives one.
    pub(super) message_id: Option<String>,
}

#[derive(Default)]
pub(super) struct Book {
    newest: Option<i64>,
    pub(super) stopping: bool,
    by_id: HashMap<AttemptId, Attempt>,
    /// In the order in which they ended.
    ended: VecDeque<(Instant, AttemptId)>,
}

impl Attempt {
    pub(super) fn replace(&mut self, stage: Stage) -> Stage {
        std::mem::replace(&mut self.stage, stage)
    }

    pub(super) fn state(&self) -> AttemptState {
        match &self.stage {
            Stage::Composing { .. } => AttemptState::Composing,
            Stage::Ready { .. } => AttemptState::Ready,
            Stage::Sending { .. } => AttemptState::Sending,
            Stage::Answered(reply) => AttemptState::Answered(reply.clone()),
            Stage::NeverCalled(why) => AttemptState::NeverCalled { why: *why },
        }
    }

    pub(super) const fn may_be_stopped(&self) -> bool {
        matches!(self.stage, Stage::Composing { .. } | Stage::Ready { .. })
    }

    const fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Answered(_) | Stage::NeverCalled(_))
    }

    const fn is_calling(&self) -> bool {
        matches!(self.stage, Stage::Sending { .. })
    }
}

impl Book {
    pub(super) fn check_epoch(&self, epoch: i64) -> Result<(), Refusal> {
        match self.newest {
            Some(newest) if epoch < newest => Err(Refusal::StaleEpoch(newest)),
            _ => Ok(()),
        }
    }

    /// Makes `epoch` the oldest that is served, and ends the compositions of older ones.
    pub(super) fn raise(&mut self, epoch: i64) {
        self.newest = Some(epoch);
        self.end_all(CompositionEnd::Fenced, |attempt| attempt.epoch < epoch);
    }

    /// Ends what has not called yet; nothing is opened any more.
    pub(super) fn stop(&mut self) {
        self.stopping = true;
        self.end_all(CompositionEnd::Stopping, |_| true);
    }

    pub(super) fn enter(&mut self, id: AttemptId, attempt: Attempt) {
        self.forget_old();
        if !attempt.is_open() {
            self.ended.push_back((Instant::now(), id));
        }
        self.by_id.insert(id, attempt);
    }

    pub(super) fn attempt_mut(&mut self, id: AttemptId) -> Option<&mut Attempt> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn state(&self, id: AttemptId) -> Option<AttemptState> {
        self.by_id.get(&id).map(Attempt::state)
    }

    /// All that are remembered.
    pub(super) fn attempts(&self) -> impl Iterator<Item = (AttemptId, &Attempt)> {
        self.by_id.iter().map(|(id, attempt)| (*id, attempt))
    }

    /// The attempts whose call is running.
    pub(super) fn running(&self) -> Vec<AttemptId> {
        let calling = |(id, attempt): (&AttemptId, &Attempt)| attempt.is_calling().then_some(*id);
        self.by_id.iter().filter_map(calling).collect()
    }

    /// An open attempt of this epoch. Older ones were fenced; one of them may still be in its call, and whoever
    /// comes next waits for it on the stage.
    pub(super) fn open_in(&self, epoch: i64) -> Option<AttemptId> {
        let found = |(id, attempt): (&AttemptId, &Attempt)| {
            (attempt.epoch == epoch && attempt.is_open()).then_some(*id)
        };
        self.by_id.iter().find_map(found)
    }

    pub(super) fn any_open(&self) -> bool {
        self.by_id.values().any(Attempt::is_open)
    }

    /// Ends a composition that has not called yet; one that has ended keeps its first reason.
    pub(super) fn end(&mut self, id: AttemptId, why: CompositionEnd) {
        let Some(attempt) = self.by_id.get_mut(&id) else {
            return;
        };
        if let Stage::Composing { stop } | Stage::Ready { stop, .. } = &attempt.stage {
            stop.cancel();
            attempt.stage = Stage::NeverCalled(why);
            self.ended.push_back((Instant::now(), id));
        }
    }

    pub(super) fn answered(&mut self, id: AttemptId, reply: SendReply) {
        if let Some(attempt) = self.by_id.get_mut(&id)
            && attempt.is_calling()
        {
            attempt.stage = Stage::Answered(reply);
            self.ended.push_back((Instant::now(), id));
        }
    }

    fn end_all(&mut self, why: CompositionEnd, which: impl Fn(&Attempt) -> bool) {
        let open = |(id, attempt): (&AttemptId, &Attempt)| {
            (attempt.is_open() && which(attempt)).then_some(*id)
        };
        let ids: Vec<_> = self.by_id.iter().filter_map(open).collect();
        for id in ids {
            self.end(id, why);
        }
    }

    fn forget_old(&mut self) {
        while let Some((at, id)) = self.ended.front()
            && (at.elapsed() > REMEMBERED || self.ended.len() >= MOST)
        {
            self.by_id.remove(id);
            self.ended.pop_front();
        }
    }
}
