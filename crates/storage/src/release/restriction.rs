//! Locks after WhatsApp restricted the account (design §6): six hours, then a day, then a person.
//!
//! The rule that must hold: a lock never gets shorter here.

use std::time::Duration;

use domain::{Timestamp, release::Lock, wire::Restriction};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::Tx,
    session_number::{self, Holds, SessionNumber},
};

const FIRST: Duration = Duration::from_hours(6);
const SECOND: Duration = Duration::from_hours(24);
/// A lock so short after the end of the last one is the next step.
const NEXT_STEP_WITHIN: Duration = Duration::from_hours(24);
/// After so long without a lock everything begins anew.
const QUIET: Duration = Duration::from_hours(7 * 24);

/// The next lock, given how many there were and when the last one ended; with the new count.
fn next_lock(count: i64, last_end: Option<Timestamp>, now: Timestamp) -> (Option<Duration>, i64) {
    let since = |length: Duration| last_end.is_some_and(|end| now <= end + length);
    match count {
        2.. if since(QUIET) => (None, count + 1),
        1 if since(NEXT_STEP_WITHIN) => (Some(SECOND), 2),
        _ => (Some(FIRST), 1),
    }
}

impl Store {
    /// A send was refused because the account is restricted. The caller holds the session's lock.
    pub(super) async fn lock_after_refusal(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.lock_for(tx, of, Some(now + FIRST), None, now).await
    }

    /// WAHA shows a restriction in force. It is shown again and again: while a lock holds, only its named end counts.
    pub(crate) async fn lock_for_restriction(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        restriction: Restriction,
        now: Timestamp,
    ) -> Result<(), Error> {
        if restriction.until.is_some_and(|until| until <= now) {
            return Ok(());
        }
        self.lock_for(tx, of, None, restriction.until, now).await
    }

    /// `at_least`: where a lock that holds already is moved to, when it ends before.
    async fn lock_for(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        at_least: Option<Timestamp>,
        named: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = session_number::or_linked(tx, of).await?;
        let of = SessionNumber::new(of.session, &number);
        let holds = session_number::holds(tx, of.number).await?;
        let Some((lock, count)) = following(&holds, at_least.max(named), named, now) else {
            return Ok(());
        };
        let reason = "account_restricted";
        session_number::keep_lock(tx, of, lock, reason, count).await?;
        let deed = Deed {
            action: "session.lock",
            subject: of.session.as_str(),
            detail: Some(reason),
        };
        self.write_audit(tx, &Actor::worker(), deed, now).await
    }
}

/// The lock that follows and the new count. `None`: it stays as it is.
fn following(
    holds: &Holds,
    extended: Option<Timestamp>,
    named: Option<Timestamp>,
    now: Timestamp,
) -> Option<(Lock, i64)> {
    let last_end = match holds.lock {
        Some(Lock::Person) => return None,
        Some(Lock::Until(until)) if until > now => {
            let longer = extended.filter(|extended| *extended > until);
            return longer.map(|longer| (Lock::Until(longer), holds.locks));
        }
        Some(Lock::Until(end)) => Some(end),
        None => None,
    };
    let (length, count) = next_lock(holds.locks, last_end, now);
    let lock = length.map_or(Lock::Person, |length| {
        Lock::Until((now + length).max(named.unwrap_or(now)))
    });
    Some((lock, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    #[test]
    fn six_hours_then_a_day_then_a_person() {
        assert_eq!(next_lock(0, None, hour(0)), (Some(FIRST), 1));
        assert_eq!(next_lock(1, Some(hour(6)), hour(30)), (Some(SECOND), 2));
        assert_eq!(next_lock(1, Some(hour(6)), hour(31)), (Some(FIRST), 1));
        assert_eq!(next_lock(2, Some(hour(54)), hour(200)), (None, 3));
        assert_eq!(
            next_lock(2, Some(hour(54)), hour(54 + 169)),
            (Some(FIRST), 1)
        );
    }
}
