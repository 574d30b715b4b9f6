//! Noticing that the machine's wall clock was set while a session is worked.
//!
//! The wall clock is compared with the one that only runs. Not here: what moves along (storage). A step that nobody
//! noticed, because no worker was running, cannot be told from time that passed.

use std::sync::{Mutex, PoisonError};

use chassis::Clock;
use chrono::TimeDelta;
use storage::Error;

use super::{SessionDesk, Stop};

/// Less is how two clocks are read one after the other, not a step. Nothing is lost: small differences add up.
const NOTICED: TimeDelta = TimeDelta::seconds(1);

/// How far the wall clock is ahead of the steady one, as last accounted for.
pub(crate) struct ClockSteps(Mutex<TimeDelta>);

impl ClockSteps {
    /// From now on.
    pub(crate) fn watch(clock: &Clock) -> Self {
        Self(Mutex::new(ahead(clock)))
    }

    fn accounted(&self) -> TimeDelta {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn account(&self, ahead: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
    }
}

fn ahead(clock: &Clock) -> TimeDelta {
    let steady = TimeDelta::from_std(clock.steady()).unwrap_or(TimeDelta::MAX);
    clock
        .now()
        .signed_duration_since(chrono::DateTime::UNIX_EPOCH)
        - steady
}

impl SessionDesk<'_> {
    /// Moves what the limits count along with the wall clock, when it was set. To be called before each decision.
    pub(super) async fn follow_clock(&self) -> Result<(), Stop> {
        let clock = &self.context.clock;
        let ahead = ahead(clock);
        let by = ahead - self.clock_steps.accounted();
        if by.abs() < NOTICED {
            return Ok(());
        }
        let moved = self.move_along(by).await?;
        if !moved {
            return Err(Stop::Lost);
        }
        self.clock_steps.account(ahead);
        tracing::warn!(session = %self.session, seconds = by.num_seconds(), "the clock of this machine was set; the limits follow it");
        Ok(())
    }

    async fn move_along(&self, by: TimeDelta) -> Result<bool, Error> {
        let (owner, epoch) = (self.context.owner, self.lease.epoch);
        let now = self.context.clock.now();
        self.context
            .store
            .clock_was_set(self.session, owner, epoch, by, now)
            .await
    }
}
