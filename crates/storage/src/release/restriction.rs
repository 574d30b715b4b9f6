//! Error 463 and locks of a number (design §6): six hours, then a day, then a person. A time-lock leaves replies free until one of them
//! is refused.
//!
//! The rule that must hold: a lock never gets shorter here.

use std::time::Duration;

use domain::{
    Timestamp,
    lane::ReleaseLane,
    release::Lock,
    wait::{Wait, WaitReason},
    wire::Restriction,
};

use super::{contact_refusals, ends::newest_attempt, queue_row::QueueRow, reservations};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::Tx,
    locks,
    session_number::{self, Holds, NewLock, SessionNumber},
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

/// Why a number is locked, as it is stored and told.
const TIME_LOCK: &str = "account_restricted";
const REFUSED_CONTACTS: &str = "refused_messages";
const BANNED: &str = "restricted";

/// What asks for a lock.
struct Cause<'a> {
    reason: &'a str,
    /// Whether replies are held too.
    replies: bool,
    /// Where a lock that holds already is moved to, when it ends before.
    at_least: Option<Timestamp>,
    /// The end that WhatsApp names.
    named: Option<Timestamp>,
}

impl Store {
    /// A send was refused with error 463. The caller holds the session's lock. Returns what the message waits for: its session, or by
    /// itself.
    pub(super) async fn refused_by_whatsapp(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        time_lock: Option<Restriction>,
        now: Timestamp,
    ) -> Result<(WaitReason, Option<Wait>), Error> {
        let Some(Restriction { until }) = time_lock else {
            locks::take_turn(tx, row.contact).await?;
            let refusal = contact_refusals::count(tx, row, now).await?;
            self.refused_contact(tx, row, now).await?;
            return Ok((WaitReason::ContactRefused, refusal.wait(now)));
        };
        let lane = reservations::lane(tx, newest_attempt(row)?).await?;
        let of = row.session_number();
        let cause = Cause {
            reason: TIME_LOCK,
            replies: lane == ReleaseLane::Reply,
            at_least: Some(now + FIRST),
            named: until,
        };
        self.lock_for(tx, of, &cause, now).await?;
        Ok((WaitReason::SessionLocked, None))
    }

    /// WhatsApp refused several contacts lately: that is no coincidence, and which chats it will refuse is not known.
    pub(crate) async fn lock_after_refused_contacts(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let cause = Cause {
            reason: REFUSED_CONTACTS,
            replies: true,
            at_least: Some(now + FIRST),
            named: None,
        };
        self.lock_for(tx, of, &cause, now).await
    }

    /// Keeps what a connected session shows of a time-lock. It is shown again and again: while a lock holds, only its named end counts,
    /// and after a person unlocked only another end does.
    pub(crate) async fn time_lock_seen(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        restriction: Option<Restriction>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let in_force = restriction.filter(|seen| seen.until.is_none_or(|until| until > now));
        let Some(Restriction { until }) = in_force else {
            return session_number::forget_time_lock(tx, of).await;
        };
        if session_number::is_unlocked(tx, of.number, until).await? {
            return Ok(());
        }
        let cause = Cause {
            reason: TIME_LOCK,
            replies: false,
            at_least: None,
            named: until,
        };
        self.lock_for(tx, of, &cause, now).await
    }

    async fn lock_for(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        cause: &Cause<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = session_number::or_linked(tx, of).await?;
        let of = SessionNumber::new(of.session, &number);
        if cause.reason == TIME_LOCK {
            session_number::see_time_lock(tx, of, cause.named).await?;
        }
        let holds = session_number::holds(tx, of.number).await?;
        let Some(lock) = following(&holds, cause, now) else {
            return Ok(());
        };
        self.keep_lock(tx, of, &lock, now).await
    }

    /// WAHA says that WhatsApp restricted or banned the number: nothing leaves until a person unlocks it.
    pub(crate) async fn lock_until_unlocked(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = session_number::or_linked(tx, of).await?;
        let of = SessionNumber::new(of.session, &number);
        let lock = NewLock {
            lock: Lock::Person,
            reason: BANNED,
            replies: true,
            count: session_number::holds(tx, of.number).await?.locks + 1,
        };
        self.keep_lock(tx, of, &lock, now).await
    }

    async fn keep_lock(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        lock: &NewLock<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        session_number::keep_lock(tx, of, lock).await?;
        let deed = Deed {
            action: "session.lock",
            subject: of.session.as_str(),
            detail: Some(lock.reason),
        };
        self.write_audit(tx, &Actor::worker(), deed, now).await
    }
}

/// The lock that follows. `None`: it stays as it is.
fn following<'a>(holds: &Holds, cause: &Cause<'a>, now: Timestamp) -> Option<NewLock<'a>> {
    let stays = |lock: Lock| NewLock {
        lock,
        reason: cause.reason,
        replies: holds.lock_replies || cause.replies,
        count: holds.locks,
    };
    let holds_more = cause.replies && !holds.lock_replies;
    let last_end = match holds.lock {
        Some(Lock::Person) => return holds_more.then(|| stays(Lock::Person)),
        Some(Lock::Until(until)) if until > now => {
            let end = cause
                .at_least
                .max(cause.named)
                .max(Some(until))
                .unwrap_or(until);
            return (end > until || holds_more).then(|| stays(Lock::Until(end)));
        }
        Some(Lock::Until(end)) => Some(end),
        None => holds.unlocked_at,
    };
    let (length, count) = next_lock(holds.locks, last_end, now);
    let named = cause.named.unwrap_or(now);
    Some(NewLock {
        lock: length.map_or(Lock::Person, |length| {
            Lock::Until((now + length).max(named))
        }),
        reason: cause.reason,
        replies: cause.replies,
        count,
    })
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
