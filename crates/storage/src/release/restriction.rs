//! Locks after WhatsApp restricted the account (design §6): six hours, then a day, then a person.
//!
//! The rule that must hold: a lock never gets shorter here.

use std::time::Duration;

use domain::{Timestamp, release::Lock, session::SessionName, wire::Restriction};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    facts_of_release::read_lock,
    locks,
};

const FIRST: Duration = Duration::from_hours(6);
const SECOND: Duration = Duration::from_hours(24);
/// A lock so short after the end of the last one is the next step.
const NEXT_STEP_WITHIN: Duration = Duration::from_hours(24);
/// After so long without a lock everything begins anew.
const QUIET: Duration = Duration::from_hours(7 * 24);

const LOCK: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET lock_until = $2, lock_person = $3, lock_count = $4, lock_reason = 'account_restricted'
     WHERE name = $1",
);

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
        session: &SessionName,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.lock_for(tx, session, Some(now + FIRST), None, now)
            .await
    }

    /// WAHA shows a restriction in force. It is shown again and again: while a lock holds, only its named end counts.
    pub(crate) async fn lock_for_restriction(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        restriction: Restriction,
        now: Timestamp,
    ) -> Result<(), Error> {
        if restriction.until.is_some_and(|until| until <= now) {
            return Ok(());
        }
        self.lock_for(tx, session, None, restriction.until, now)
            .await
    }

    /// `at_least`: where a lock that holds already is moved to, when it ends before.
    async fn lock_for(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        at_least: Option<Timestamp>,
        named: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let row = locks::lock_session(tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let Some((until, count)) = following(&row, at_least.max(named), named, now)? else {
            return Ok(());
        };
        let args = args![session, until, until.is_none(), count];
        tx.execute_one(&LOCK, args).await?;
        let deed = Deed {
            action: "session.lock",
            subject: session.as_str(),
            detail: Some("account_restricted"),
        };
        self.write_audit(tx, &Actor::worker(), deed, now).await
    }
}

/// The lock that follows and the new count: until a time, or (`None` inside) until a person. Nothing: it stays as it is.
fn following(
    row: &Row,
    extended: Option<Timestamp>,
    named: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<(Option<Timestamp>, i64)>, Error> {
    let count = row.int("lock_count")?;
    match read_lock(row)? {
        Some(Lock::Person) => Ok(None),
        Some(Lock::Until(until)) if until > now => Ok(extended
            .filter(|extended| *extended > until)
            .map(|extended| (Some(extended), count))),
        ended => {
            let last_end = ended.and_then(|lock| match lock {
                Lock::Until(end) => Some(end),
                Lock::Person => None,
            });
            let (length, count) = next_lock(count, last_end, now);
            Ok(Some((
                length.map(|length| (now + length).max(named.unwrap_or(now))),
                count,
            )))
        }
    }
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
