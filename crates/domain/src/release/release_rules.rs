//! The limits as durations, ready to decide with: the couple's configuration under a pace profile.

use std::time::Duration;

use crate::{config::GlobalConfig, lane::ReleaseLane, quiet_hours::QuietHours};

/// The effective limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRules {
    /// The length of the short rolling window: one hour, but for simulated runs.
    pub hour: Duration,
    /// The length of the long rolling window: one day, but for simulated runs.
    pub day: Duration,
    /// Automatic messages in the short window.
    pub per_hour: u32,
    /// Automatic messages in the long window.
    pub per_day: u32,
    /// Replies in the short window.
    pub replies_per_hour: u32,
    /// Replies in the long window.
    pub replies_per_day: u32,
    /// Shortest pause after an automatic send.
    pub gap_min: Duration,
    /// Longest pause after an automatic send.
    pub gap_max: Duration,
    /// Pause before a reply.
    pub reply_gap: Duration,
    /// Least pause between a reply and the next automatic message.
    pub gap_after_reply: Duration,
    /// Between two automatic messages to one contact.
    pub cool_down: Duration,
    /// Messages to one contact in the short window.
    pub contact_per_hour: u32,
    /// Replies to one contact in the short window.
    pub contact_replies_per_hour: u32,
    /// Automatic messages in a row without an answer, within [`UNANSWERED_WITHIN`].
    pub unanswered: u32,
    /// Replies in a row without an answer, within [`UNANSWERED_WITHIN`].
    pub unanswered_replies: u32,
    /// A contact whose last word is older is cold.
    pub cold_after: Duration,
    /// Cold contacts in the long window.
    pub cold_per_day: u32,
    /// Hold after a spouse typed by hand.
    pub hand_typed: Duration,
    /// So long a number is new.
    pub new_number: Duration,
    /// An uncertain message holds later automatic ones to the same contact at most this long.
    pub uncertain_hold: Duration,
    /// A reply queued this short a while ago may go at night.
    pub late_reply: Duration,
    /// The night, if there is one.
    pub quiet_hours: Option<QuietHours>,
    /// Pauses after tries that ended without a send: the first, the second, …; the last one again and again.
    pub back_off: [Duration; 4],
    /// A connected session's sends without any receipt for so long raise a warning. Holds nothing back.
    pub receipts: Duration,
}

/// A message counts as unanswered for this long (judged: a couple writes to a guest more than twice in the months before a wedding).
pub const UNANSWERED_WITHIN: Duration = Duration::from_hours(14 * 24);

/// The floor of the gap's range (design §6): also the pause between a reply and an automatic message.
const LEAST_GAP: Duration = Duration::from_secs(20);

impl ReleaseRules {
    /// The rules as configured.
    pub fn from_config(config: &GlobalConfig) -> Self {
        let limits = &config.limits;
        let secs = |s: u32| Duration::from_secs(u64::from(s));
        let minutes = |m: u32| Duration::from_mins(u64::from(m));
        let days = |d: u32| Duration::from_hours(u64::from(d) * 24);
        Self {
            hour: Duration::from_hours(1),
            day: Duration::from_hours(24),
            per_hour: limits.per_hour,
            per_day: limits.per_day,
            replies_per_hour: limits.replies_per_hour,
            replies_per_day: limits.replies_per_day,
            gap_min: secs(limits.gap_min_secs),
            gap_max: secs(limits.gap_max_secs),
            reply_gap: secs(limits.reply_gap_secs),
            gap_after_reply: LEAST_GAP,
            cool_down: minutes(limits.cool_down_minutes),
            contact_per_hour: limits.contact_per_hour,
            contact_replies_per_hour: limits.contact_replies_per_hour,
            unanswered: limits.unanswered,
            unanswered_replies: limits.unanswered_replies,
            cold_after: days(limits.cold_after_days),
            cold_per_day: limits.cold_per_day,
            hand_typed: minutes(limits.hand_typed_minutes),
            new_number: days(limits.new_number_days),
            uncertain_hold: Duration::from_hours(2),
            late_reply: Duration::from_mins(15),
            quiet_hours: Some(config.quiet_hours()),
            back_off: [
                secs(30),
                Duration::from_mins(2),
                Duration::from_mins(10),
                Duration::from_hours(1),
            ],
            receipts: minutes(limits.receipts_minutes),
        }
    }

    /// Messages in a row without an answer, in that lane.
    pub const fn unanswered_in(&self, lane: ReleaseLane) -> u32 {
        match lane {
            ReleaseLane::Automatic => self.unanswered,
            ReleaseLane::Reply => self.unanswered_replies,
        }
    }

    /// The pause before the next try, after one try that ended without a send and `earlier` others before it.
    pub fn back_off(&self, earlier: u32) -> Duration {
        let last = self.back_off.len() - 1;
        self.back_off[usize::try_from(earlier).map_or(last, |index| index.min(last))]
    }

    /// The same rules with every wait `times` shorter and no night. For simulated runs only. Receipts have their whole time:
    /// chats are not read more often there.
    #[must_use]
    pub fn shorter(self, times: u32) -> Self {
        Self {
            hour: self.hour / times,
            day: self.day / times,
            gap_min: self.gap_min / times,
            gap_max: self.gap_max / times,
            reply_gap: self.reply_gap / times,
            gap_after_reply: self.gap_after_reply / times,
            cool_down: self.cool_down / times,
            hand_typed: self.hand_typed / times,
            new_number: self.new_number / times,
            back_off: self.back_off.map(|pause| pause / times),
            quiet_hours: None,
            ..self
        }
    }
}
