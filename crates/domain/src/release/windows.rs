//! The rolling windows: how many in the last hour and day, and when the next slot frees.
//!
//! A send is counted from its commit until one window after WAHA's *answer*: it can have left at any moment in between,
//! so only this keeps the limit as the guests' phones see it.

use std::time::Duration;

use crate::{
    Timestamp,
    lane::ReleaseLane,
    wait::{Wait, WaitReason},
};

use super::{Facts, ReleaseRules, SessionFacts, Verdict};

/// When fewer than `limit` of `times` lie in the window before; `None`: that is so already at `now`.
/// With a limit of 0 nothing ever frees: one window from now, to be looked at again.
pub(super) fn free_at(
    times: impl Iterator<Item = Timestamp>,
    window: Duration,
    limit: u32,
    now: Timestamp,
) -> Option<Timestamp> {
    let since = now - window;
    let inside = times.filter(|at| *at > since);
    let mut ends: Vec<Timestamp> = inside.map(|at| at + window).collect();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if ends.len() < limit {
        return None;
    }
    ends.sort_unstable();
    // After the first `len - limit + 1` have left the window, one slot is free.
    Some(
        ends.get(ends.len() - limit)
            .copied()
            .unwrap_or(now + window),
    )
}

/// How many may go in one window, in either lane.
struct Budget {
    reason: WaitReason,
    window: Duration,
    replies: u32,
    automatic: u32,
    /// Whether tries that ended without a send count too.
    unsent: bool,
}

pub(super) fn hour_limit(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let hour = Budget {
        reason: WaitReason::HourLimit,
        window: rules.hour,
        replies: rules.replies_per_hour,
        automatic: rules.per_hour,
        unsent: true,
    };
    hour.verdict(facts, rules, now)
}

pub(super) fn day_limit(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let day = Budget {
        reason: WaitReason::DayLimit,
        window: rules.day,
        replies: rules.replies_per_day,
        automatic: rules.per_day,
        unsent: false,
    };
    day.verdict(facts, rules, now)
}

impl Budget {
    fn verdict(&self, facts: &Facts<'_>, rules: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
        let session = facts.session;
        let at = match facts.lane(now) {
            _ if facts.message.send_now => return None,
            ReleaseLane::Reply => {
                let replies = self.counted(session, ReleaseLane::Reply, now);
                free_at(replies, self.window, self.replies, now)
            }
            ReleaseLane::Automatic => {
                let limit = halved(session, rules, self.automatic, now);
                let at = self.automatic_free_at(session, limit, now)?;
                return Some(Verdict::Wait(Wait::at(
                    self.reason(session, rules, now),
                    at,
                )));
            }
        };
        at.map(|at| Verdict::Wait(Wait::at(self.reason, at)))
    }

    /// Names WhatsApp's warning when the whole budget would have room.
    fn reason(&self, session: &SessionFacts, rules: &ReleaseRules, now: Timestamp) -> WaitReason {
        let whole = halved_if_new(session, rules, self.automatic, now);
        if is_warned(session, now) && self.automatic_free_at(session, whole, now).is_none() {
            WaitReason::CappingWarning
        } else {
            self.reason
        }
    }

    fn counted<'a>(
        &self,
        session: &'a SessionFacts,
        lane: ReleaseLane,
        now: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + use<'a> {
        let counts = self.unsent;
        let unsent = session.unsent.iter();
        let unsent = unsent.filter(move |one| counts && one.lane == lane);
        of_lane(session, lane, now).chain(unsent.map(move |one| one.at.unwrap_or(now)))
    }

    /// Both the count and the limit change as old messages leave the window: try each such moment in turn.
    fn automatic_free_at(
        &self,
        session: &SessionFacts,
        limit: u32,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let window = self.window;
        let automatic = || self.counted(session, ReleaseLane::Automatic, now);
        let fits = |at: Timestamp| {
            let since = at - window;
            let used = automatic().filter(|sent| *sent > since).count();
            used < usize::try_from(reduced(session, window, limit, at)).unwrap_or(usize::MAX)
        };
        if fits(now) {
            return None;
        }
        let since = now - window;
        let inside = automatic()
            .chain(personal(session, now))
            .filter(|at| *at > since);
        let mut ends: Vec<Timestamp> = inside.map(|at| at + window).collect();
        ends.sort_unstable();
        Some(
            ends.into_iter()
                .find(|at| fits(*at))
                .unwrap_or(now + window),
        )
    }
}

/// The automatic messages of one hour at `now`: reduced by replies and hand-typed messages, at most by half.
pub fn hourly_limit(session: &SessionFacts, rules: &ReleaseRules, now: Timestamp) -> u32 {
    let limit = halved(session, rules, rules.per_hour, now);
    reduced(session, rules.hour, limit, now)
}

fn halved(session: &SessionFacts, rules: &ReleaseRules, limit: u32, now: Timestamp) -> u32 {
    let limit = halved_if_new(session, rules, limit, now);
    if is_warned(session, now) {
        (limit / 2).max(1)
    } else {
        limit
    }
}

/// WhatsApp warned of the number's many messages, or capped them, and its count has not started anew.
fn is_warned(session: &SessionFacts, now: Timestamp) -> bool {
    session.capping.is_some_and(|capping| capping.until > now)
}

fn halved_if_new(session: &SessionFacts, rules: &ReleaseRules, limit: u32, now: Timestamp) -> u32 {
    let is_new = session
        .first_connected_at
        .is_none_or(|first| first + rules.new_number > now);
    if is_new { (limit / 2).max(1) } else { limit }
}

fn reduced(session: &SessionFacts, window: Duration, limit: u32, now: Timestamp) -> u32 {
    let since = now - window;
    let by_person = personal(session, now).filter(|at| *at > since).count();
    let by_person = u32::try_from(by_person).unwrap_or(u32::MAX);
    limit - by_person.min(limit / 2)
}

fn of_lane(
    session: &SessionFacts,
    lane: ReleaseLane,
    now: Timestamp,
) -> impl Iterator<Item = Timestamp> {
    session
        .sends
        .iter()
        .filter(move |send| send.lane == lane)
        .map(move |send| send.at.unwrap_or(now))
}

fn personal(session: &SessionFacts, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    of_lane(session, ReleaseLane::Reply, now).chain(session.hand_typed.iter().copied())
}
