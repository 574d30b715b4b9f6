//! Noticing that the wall clock was set, without asking the database each time.
//!
//! Not here: what moves along (`clock_steps`). The rule that must hold: the clock is followed before each decision and before each
//! event is stored.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::TimeDelta;
use domain::{clock_reading::ClockReading, session::SessionName};

use crate::{Error, Store, clock_steps::Follower};

/// The clock as one process last read it for each session: the database is asked only when it was set.
#[derive(Debug, Default)]
pub struct ClockWatch(Mutex<HashMap<SessionName, ClockReading>>);

impl ClockWatch {
    /// Follows the clock as the holder of the session's lease. Returns by how much it was set since it was last followed.
    pub async fn follow_as_holder(
        &self,
        store: &Store,
        session: &SessionName,
        now: ClockReading,
    ) -> Result<TimeDelta, Error> {
        self.follow(store, session, now, Follower::Holder).await
    }

    /// Follows the clock beside the holder: a step counts before what came after it is stored.
    pub async fn follow_beside_holder(
        &self,
        store: &Store,
        session: &SessionName,
        now: ClockReading,
    ) -> Result<TimeDelta, Error> {
        self.follow(store, session, now, Follower::Other).await
    }

    async fn follow(
        &self,
        store: &Store,
        session: &SessionName,
        now: ClockReading,
        follower: Follower,
    ) -> Result<TimeDelta, Error> {
        let before = self.last(session);
        let seen = before.as_ref().map(|last| now.set_since(last));
        let by = if seen.is_some_and(|by| by.is_zero()) {
            TimeDelta::zero()
        } else {
            let moved = store.follow_clock(session, before.as_ref(), &now, follower);
            // Another service may have moved things already: the step is news to this one.
            let moved = moved.await?;
            seen.unwrap_or(moved)
        };
        self.keep(session, now, before);
        Ok(by)
    }

    fn last(&self, session: &SessionName) -> Option<ClockReading> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.get(session).cloned()
    }

    /// Keeps the moment of each reading, and of its distance only what was accounted for: small differences add up.
    fn keep(&self, session: &SessionName, now: ClockReading, before: Option<ClockReading>) {
        let unmoved = before.filter(|last| now.set_since(last).is_zero());
        let ahead_ms = unmoved.map_or(now.ahead_ms, |last| last.ahead_ms);
        let kept = ClockReading { ahead_ms, ..now };
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.insert(session.clone(), kept);
    }
}
