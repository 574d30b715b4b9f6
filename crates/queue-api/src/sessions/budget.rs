//! How much of the hour and the day is used, by the same rules that hold messages back (design §6).

use std::time::Duration;

use domain::Timestamp;
use domain::lane::ReleaseLane;
use domain::release::{ReleaseRules, SessionFacts, hourly_limit};
use serde::Serialize;
use utoipa::ToSchema;

/// What was sent, and what may be, in rolling windows.
#[derive(Serialize, ToSchema)]
#[schema(as = Budget)]
pub(crate) struct BudgetView {
    /// In the last hour.
    pub(crate) hour: WindowView,
    /// In the last day.
    pub(crate) day: WindowView,
}

/// One rolling window.
#[derive(Serialize, ToSchema)]
#[schema(as = Window)]
pub(crate) struct WindowView {
    /// Automatic messages sent, or being sent; in the hour also tries that ended without a send.
    pub(crate) automatic: u32,
    /// How many may be: fewer while people write by hand or reply, and while the number is new.
    pub(crate) automatic_limit: u32,
    /// Replies sent, or being sent.
    pub(crate) replies: u32,
    /// How many may be.
    pub(crate) replies_limit: u32,
    /// Messages that the spouse typed to guests by hand.
    pub(crate) hand_typed: u32,
}

impl BudgetView {
    pub(super) fn of(facts: &SessionFacts, rules: &ReleaseRules, now: Timestamp) -> Self {
        // the rule for the day is the rule for the hour with the day's numbers
        let daily = ReleaseRules {
            hour: rules.day,
            per_hour: rules.per_day,
            replies_per_hour: rules.replies_per_day,
            ..rules.clone()
        };
        let messages = SessionFacts {
            unsent: Vec::new(),
            ..facts.clone()
        };
        Self {
            hour: WindowView::of(facts, rules, now),
            day: WindowView::of(&messages, &daily, now),
        }
    }
}

impl WindowView {
    fn of(facts: &SessionFacts, rules: &ReleaseRules, now: Timestamp) -> Self {
        let inside = |at: Timestamp| within(at, rules.hour, now);
        let sent = |lane: ReleaseLane| {
            let slots = facts.sends.iter().chain(&facts.unsent);
            let sends = slots.filter(|send| send.lane == lane);
            count(sends.filter(|send| inside(send.at.unwrap_or(now))))
        };
        Self {
            automatic: sent(ReleaseLane::Automatic),
            automatic_limit: hourly_limit(facts, rules, now),
            replies: sent(ReleaseLane::Reply),
            replies_limit: rules.replies_per_hour,
            hand_typed: count(facts.hand_typed.iter().filter(|at| inside(**at))),
        }
    }
}

fn within(at: Timestamp, window: Duration, now: Timestamp) -> bool {
    at + window > now
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
