//! The night, in the couple's zone. All zone and daylight-saving arithmetic of the project is in this file.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::Timestamp;

/// Hours in which nothing automatic is sent: from `from` to `to`, local time; may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The couple's zone.
    pub zone: Tz,
    /// Begin, inclusive.
    pub from: NaiveTime,
    /// End, exclusive. Equal to `from`: there is no night.
    pub to: NaiveTime,
}

impl QuietHours {
    /// When the night that `now` lies in ends; `None` by day.
    ///
    /// Local times that a change of the clock skips or repeats are resolved so that the night is never cut short.
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let local = now.with_timezone(&self.zone).naive_local();
        if !self.covers(local.time()) {
            return None;
        }
        let same_day = local.time() < self.to;
        let day = if same_day {
            local.date()
        } else {
            local.date() + Days::new(1)
        };
        Some(latest(self.zone, day.and_time(self.to)).to_utc())
    }

    fn covers(&self, time: NaiveTime) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

/// The moment at which that day is over in the couple's zone.
pub fn day_is_over(zone: Tz, day: NaiveDate) -> Timestamp {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    latest(zone, next.and_time(NaiveTime::MIN)).to_utc()
}

/// The local time in `zone`: the later one where it happens twice, the first moment after a gap where it never happens.
fn latest(zone: Tz, local: NaiveDateTime) -> DateTime<Tz> {
    let mut candidate = local;
    loop {
        match zone.from_local_datetime(&candidate) {
            LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => return at,
            LocalResult::None => candidate += chrono::TimeDelta::minutes(1),
        }
    }
}
