//! What a rehearsal does to the budget, by days of the couple's calendar.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{Timestamp, lane::ReleaseLane, release::SessionFacts};

use super::Departure;

/// One day's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayUse {
    /// The day.
    pub date: NaiveDate,
    /// Automatic messages that were sent on it already.
    pub sent: u32,
    /// Messages that will probably leave on it.
    pub leaving: u32,
}

/// The days from the first send of the last day to the last departure, without those on which nothing leaves.
pub fn days(session: &SessionFacts, leaves: &[Departure], now: Timestamp, zone: Tz) -> Vec<DayUse> {
    let mut days: BTreeMap<NaiveDate, (u32, u32)> = BTreeMap::new();
    let date = |at: Timestamp| at.with_timezone(&zone).date_naive();
    let automatic = session
        .sends
        .iter()
        .filter(|send| send.lane == ReleaseLane::Automatic);
    for send in automatic {
        days.entry(date(send.at.unwrap_or(now))).or_default().0 += 1;
    }
    for departure in leaves {
        days.entry(date(departure.at)).or_default().1 += 1;
    }
    days.into_iter()
        .map(|(date, (sent, leaving))| DayUse {
            date,
            sent,
            leaving,
        })
        .collect()
}
