//! What WhatsApp says of the account's restrictions (WAHA §2.6): a time-lock against new chats, and a capping of its messages.

use chrono::{DateTime, TimeDelta};
use domain::Timestamp;
use domain::release::{Capping, CappingLevel};
use domain::wire::{CappingSeen, Restriction};
use waha::{Capability, Me, MessageCapping, ServerVersion, Timelock};

use crate::app::Session;

/// As the account tells by itself, or as WhatsApp says when asked. Where neither can be had, nothing is known.
pub(super) async fn time_lock(
    session: &Session,
    me: &Me,
    server: Option<&ServerVersion>,
) -> Option<Restriction> {
    let asks = server.is_some_and(|server| server.can(Capability::TimelockRoute));
    let time_lock = match &me.reachout_timelock {
        Some(time_lock) => Some(time_lock.clone()),
        None if asks => session.waha.timelock().await.ok().flatten(),
        None => None,
    };
    time_lock
        .filter(|time_lock| time_lock.is_active)
        .map(|time_lock| Restriction {
            until: end(&time_lock),
        })
}

/// When the time-lock ends, if WhatsApp says so.
pub(crate) fn end(time_lock: &Timelock) -> Option<Timestamp> {
    let ends = time_lock.time_enforcement_ends?;
    DateTime::from_timestamp(ends, 0)
}

/// As [`time_lock`]; `None`: it cannot be read.
pub(super) async fn capping(
    session: &Session,
    me: &Me,
    server: Option<&ServerVersion>,
    now: Timestamp,
) -> Option<CappingSeen> {
    let capping = match &me.message_capping {
        Some(capping) => Some(capping.clone()),
        None if server.is_some_and(|server| server.can(Capability::Capping)) => {
            session.waha.capping().await.ok()?
        }
        None => return None,
    };
    let in_force = capping.and_then(|capping| in_force(&capping, now));
    Some(CappingSeen { in_force })
}

/// A capping without an end is looked at again after so long.
const NO_END: TimeDelta = TimeDelta::hours(24);

/// Zeros are what WhatsApp never filled in, and a quota below zero is none.
fn in_force(capping: &MessageCapping, now: Timestamp) -> Option<Capping> {
    let level = match capping.capping_status.as_deref()? {
        "FIRST_WARNING" => CappingLevel::FirstWarning,
        "SECOND_WARNING" => CappingLevel::SecondWarning,
        "CAPPED" => CappingLevel::Capped,
        _ => return None,
    };
    let until = match capping.cycle_end {
        Some(end) => DateTime::from_timestamp(end, 0)?,
        None => now + NO_END,
    };
    let means_something = until > now && capping.total_quota.is_none_or(|quota| quota > 0);
    means_something.then_some(Capping { level, until })
}

#[cfg(test)]
#[path = "../../tests/unit/restrictions.rs"]
mod tests;
