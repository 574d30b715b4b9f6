//! The pause after a send: drawn once, when the send ends, and stored.
//!
//! After an automatic send the next automatic one waits the whole drawn gap. After a reply it waits only the shortest
//! gap there is: otherwise a lively conversation would hold the queue for as long as it lasts (design §6: neither lane
//! starves the other).

use std::time::Duration;

use rand::{Rng, RngExt};

use crate::{Timestamp, lane::ReleaseLane};

use super::ReleaseRules;

/// Until when each lane pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps {
    /// No automatic commit before this.
    pub automatic_until: Option<Timestamp>,
    /// No reply's commit before this.
    pub reply_until: Option<Timestamp>,
}

/// The pauses after a send in `lane` that ended at `ended_at`, when `per_hour` automatic messages are allowed.
pub fn gaps_after(
    lane: ReleaseLane,
    ended_at: Timestamp,
    before: Gaps,
    per_hour: u32,
    rules: &ReleaseRules,
    dice: &mut impl Rng,
) -> Gaps {
    let pause = match lane {
        ReleaseLane::Automatic => automatic_pause(per_hour, rules, dice),
        ReleaseLane::Reply => rules.gap_after_reply,
    };
    let automatic_until = before
        .automatic_until
        .into_iter()
        .chain([ended_at + pause])
        .max();
    Gaps {
        automatic_until,
        reply_until: Some(ended_at + rules.reply_gap),
    }
}

/// max(random 60–180 s, 3600 s ÷ hourly limit × random 0.6–1.4), design §6.
fn automatic_pause(per_hour: u32, rules: &ReleaseRules, dice: &mut impl Rng) -> Duration {
    let shortest = dice.random_range(rules.gap_min..=rules.gap_max.max(rules.gap_min));
    let even = rules.hour / per_hour.max(1);
    shortest.max(even.mul_f64(dice.random_range(0.6..=1.4)))
}
