//! What people will do while the queue waits. Nobody knows when; but an answer by hand takes budget (design §6), and a guest who
//! writes lets go what waited for that. So each performance supposes some, by how many there were in the last day: from none
//! to twice as many.

use std::time::Duration;

use rand::{Rng, RngExt};

use crate::{
    Timestamp,
    lane::ReleaseLane,
    quiet_hours::QuietHours,
    release::{ReleaseRules, SessionFacts},
};

use super::Guests;

/// From the worker's look at the queue to WAHA's answer.
pub(super) const REPLY_TAKES: Duration = Duration::from_secs(12);

/// What did not happen yesterday may happen today.
const AT_LEAST: f64 = 0.5;

/// Events of one kind, in one performance.
pub(super) struct Arrivals {
    /// From one to the next, on average.
    pause: Option<Duration>,
    night: Option<QuietHours>,
    next: Option<Timestamp>,
}

impl Arrivals {
    /// Answers, and what is typed by hand. The couple sleeps.
    pub(super) fn of_replies(
        session: &SessionFacts,
        rules: &ReleaseRules,
        now: Timestamp,
        dice: &mut impl Rng,
    ) -> Self {
        let since = now - rules.day;
        let replies = session
            .sends
            .iter()
            .filter(|send| send.lane == ReleaseLane::Reply && send.at.is_none_or(|at| at > since));
        let typed = session.hand_typed.iter().filter(|at| **at > since);
        let seen = u32::try_from(replies.count() + typed.count()).unwrap_or(u32::MAX);
        let within = by_day(rules).mul_f64(part_of_day(session, rules, now));
        Self::suppose(seen, within, rules.quiet_hours, now, dice)
    }

    /// Guests who write, at any hour.
    pub(super) fn of_guests(
        guests: Guests,
        rules: &ReleaseRules,
        now: Timestamp,
        dice: &mut impl Rng,
    ) -> Self {
        Self::suppose(guests.wrote, rules.day, None, now, dice)
    }

    fn suppose(
        seen: u32,
        within: Duration,
        night: Option<QuietHours>,
        now: Timestamp,
        dice: &mut impl Rng,
    ) -> Self {
        let today = (f64::from(seen) + AT_LEAST) * dice.random_range(0.0..2.0);
        let mut supposed = Self {
            pause: Duration::try_from_secs_f64(within.as_secs_f64() / today).ok(),
            night,
            next: None,
        };
        supposed.draw_next(now, dice);
        supposed
    }

    /// The next one, if it comes before `at`.
    pub(super) fn before(&self, at: Timestamp) -> Option<Timestamp> {
        self.next.filter(|next| *next < at)
    }

    /// Draws when the one after that comes.
    pub(super) fn draw_next(&mut self, after: Timestamp, dice: &mut impl Rng) {
        let next = self.drawn(after, dice);
        let morning = next.and_then(|at| self.night.and_then(|night| night.ends(at)));
        self.next = match morning {
            Some(morning) => self.drawn(morning, dice),
            None => next,
        };
    }

    fn drawn(&self, after: Timestamp, dice: &mut impl Rng) -> Option<Timestamp> {
        let chance: f64 = dice.random_range(f64::EPSILON..1.0);
        let pause = self.pause?.as_secs_f64() * -chance.ln();
        let pause = Duration::try_from_secs_f64(pause).ok()?;
        after.checked_add_signed(chrono::TimeDelta::from_std(pause).ok()?)
    }
}

/// A number that was connected this morning has no yesterday to go by.
fn part_of_day(session: &SessionFacts, rules: &ReleaseRules, now: Timestamp) -> f64 {
    let known = session.first_connected_at.map(|first| now - first);
    let day = rules.day.as_secs_f64().max(1.0);
    known.map_or(1.0, |known| (known.as_seconds_f64() / day).clamp(0.25, 1.0))
}

/// How much of a day is no night.
fn by_day(rules: &ReleaseRules) -> Duration {
    let night = rules.quiet_hours.map_or(0, |night| {
        (night.to - night.from).num_seconds().rem_euclid(24 * 3600)
    });
    let night = Duration::from_secs(u64::try_from(night).unwrap_or(0));
    rules.day.saturating_sub(night).max(rules.hour)
}
