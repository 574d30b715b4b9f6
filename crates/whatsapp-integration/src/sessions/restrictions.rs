//! What WhatsApp says of the account's restrictions (WAHA §2.6): a time-lock against new chats, and a capping of its messages.

use chrono::{DateTime, NaiveTime, TimeDelta};
use domain::Timestamp;
use domain::release::{Capping, CappingLevel};
use domain::waha_capabilities::Capability;
use domain::waha_server::ServerVersion;
use domain::wire::{CappingSeen, Restriction};
use waha::{Me, MessageCapping, Timelock};

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
        None if asks => match session.waha.timelock().await {
            Ok(time_lock) => time_lock,
            // nothing new was learnt
            Err(_) => return session.knowledge.reported()?.restriction,
        },
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
    seen(&capping?, now)
}

/// The end of a capping that names none: the end of tomorrow (UTC), the same at each look of a day.
fn end_of_tomorrow(now: Timestamp) -> Timestamp {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    midnight + TimeDelta::days(2)
}

/// What a capping says. `None`: nothing, as zeros that WhatsApp never filled in, `NOT_ELIGIBLE` and a cycle that is over.
fn seen(capping: &MessageCapping, now: Timestamp) -> Option<CappingSeen> {
    let level = match capping.capping_status.as_deref()? {
        "FIRST_WARNING" => CappingLevel::FirstWarning,
        "SECOND_WARNING" => CappingLevel::SecondWarning,
        "CAPPED" => CappingLevel::Capped,
        "NONE" => return Some(CappingSeen { in_force: None }),
        _ => return None,
    };
    let quota = capping.total_quota.unwrap_or(1);
    if quota < 0 {
        return Some(CappingSeen { in_force: None });
    }
    let until = match capping.cycle_end {
        Some(end) => DateTime::from_timestamp(end, 0)?,
        None => end_of_tomorrow(now),
    };
    let in_force = Some(Capping { level, until });
    (until > now && quota > 0).then_some(CappingSeen { in_force })
}

#[cfg(test)]
#[path = "../../tests/unit/restrictions.rs"]
mod tests;
