//! One own number on one session: what evidence, conversations, counts, gaps and locks belong to.
//!
//! The rules that must hold: what was written to another number proves nothing and is counted for that number alone; a gap or lock
//! holds for the number on whichever session it is linked. Each session keeps its own: the longest holds, and no session's clock
//! moves what another has kept.

use domain::{
    Timestamp,
    release::{Capping, Gaps, Lock},
    session::SessionName,
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
};

/// A session with one of the own numbers that were linked to it.
#[derive(Clone, Copy)]
pub(crate) struct SessionNumber<'a> {
    pub(crate) session: &'a SessionName,
    /// Its digits. Empty for rows of earlier versions whose number is not known.
    pub(crate) number: &'a str,
}

impl<'a> SessionNumber<'a> {
    pub(crate) const fn new(session: &'a SessionName, number: &'a str) -> Self {
        Self { session, number }
    }
}

const LINKED: Sql = Sql::both(
    "SELECT COALESCE(own_number, '') AS own_number FROM whatsapp_session_status WHERE name = $1",
);

/// The number, or where an earlier version kept none, the one that is linked to its session.
pub(crate) async fn or_linked(tx: &mut Tx, of: SessionNumber<'_>) -> Result<String, Error> {
    if !of.number.is_empty() {
        return Ok(of.number.to_owned());
    }
    let linked = tx.first(&LINKED, args![of.session]).await?;
    linked.map_or(Ok(String::new()), |row| row.text("own_number"))
}

/// `linked_number!("$2")`: the own number of that session; its evidence serves, also while the session is away.
macro_rules! linked_number {
    ($session:literal) => {
        concat!(
            "(SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = ",
            $session,
            ")"
        )
    };
}
pub(crate) use linked_number;

/// What keeps a number from sending, on whichever session.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    /// The lock after a restriction, also one whose time has passed.
    pub(crate) lock: Option<Lock>,
    pub(crate) lock_reason: Option<String>,
    /// Whether the lock holds replies too.
    pub(crate) lock_replies: bool,
    /// How many locks followed each other.
    pub(crate) locks: i64,
    /// When a person unlocked last.
    pub(crate) unlocked_at: Option<Timestamp>,
    pub(crate) gaps: Gaps,
    /// What WhatsApp said last of the messages that the number may still send, also when that is over.
    pub(crate) capping: Option<Capping>,
}

const HOLDS: Sql = Sql::both(
    "SELECT n.lock_until, n.lock_person, n.lock_reason, n.lock_replies, n.lock_count, n.unlocked_at, n.automatic_gap_until, n.reply_gap_until,
            CASE WHEN l.linked = 1 THEN n.capping END AS capping, n.capping_until
     FROM session_number n LEFT JOIN whatsapp_session_status l ON l.name = n.session AND l.own_number = n.number
     WHERE n.number = $1
     ORDER BY n.lock_person DESC, COALESCE(n.lock_until, 0) DESC, n.lock_count DESC",
);

/// What holds for that number.
pub(crate) async fn holds(tx: &mut Tx, number: &str) -> Result<Holds, Error> {
    let mut holds = Holds::default();
    let rows = tx.all(&HOLDS, args![number]).await?;
    if let Some(longest) = rows.first() {
        holds.lock = read_lock(longest)?;
        holds.lock_reason = longest.opt_text("lock_reason")?;
        holds.lock_replies = longest.flag("lock_replies")?;
        holds.locks = longest.int("lock_count")?;
        holds.unlocked_at = longest.opt_time("unlocked_at")?;
    }
    for row in &rows {
        let Gaps {
            automatic_until,
            reply_until,
        } = holds.gaps;
        holds.gaps = Gaps {
            automatic_until: automatic_until.max(row.opt_time("automatic_gap_until")?),
            reply_until: reply_until.max(row.opt_time("reply_gap_until")?),
        };
        holds.capping = most_severe(holds.capping, read_capping(row)?);
    }
    Ok(holds)
}

fn read_capping(row: &Row) -> Result<Option<Capping>, Error> {
    let Some(level) = row.opt_parsed("capping")? else {
        return Ok(None);
    };
    let until = row.time("capping_until")?;
    Ok(Some(Capping { level, until }))
}

/// Two sessions may have seen different cappings of their number.
fn most_severe(a: Option<Capping>, b: Option<Capping>) -> Option<Capping> {
    let (Some(a), Some(b)) = (a, b) else {
        return a.or(b);
    };
    Some(Capping {
        level: a.level.max(b.level),
        until: a.until.max(b.until),
    })
}

fn read_lock(row: &Row) -> Result<Option<Lock>, Error> {
    if row.flag("lock_person")? {
        return Ok(Some(Lock::Person));
    }
    Ok(row.opt_time("lock_until")?.map(Lock::Until))
}

const KEEP_GAPS: Sql = Sql::both(
    "UPDATE session_number SET automatic_gap_until = $3, reply_gap_until = $4 WHERE session = $1 AND number = $2",
);

/// Keeps the pauses after a send from that number.
pub(crate) async fn keep_gaps(tx: &mut Tx, of: SessionNumber<'_>, gaps: Gaps) -> Result<(), Error> {
    let args = args![
        of.session,
        of.number,
        gaps.automatic_until,
        gaps.reply_until
    ];
    tx.execute(&KEEP_GAPS, args).await?;
    Ok(())
}

const KEEP_LOCK: Sql = Sql::both(
    "UPDATE session_number SET lock_until = $3, lock_person = $4, lock_reason = $5, lock_count = $6, lock_replies = $7
     WHERE session = $1 AND number = $2",
);

/// A lock that begins or grows.
pub(crate) struct NewLock<'a> {
    pub(crate) lock: Lock,
    pub(crate) reason: &'a str,
    /// Whether it holds replies too.
    pub(crate) replies: bool,
    /// How many locks followed each other, this one included.
    pub(crate) count: i64,
}

/// Keeps a lock of that number.
pub(crate) async fn keep_lock(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    new: &NewLock<'_>,
) -> Result<(), Error> {
    let until: Option<Timestamp> = match new.lock {
        Lock::Until(until) => Some(until),
        Lock::Person => None,
    };
    let args = args![
        of.session,
        of.number,
        until,
        until.is_none(),
        new.reason,
        new.count,
        new.replies
    ];
    tx.execute(&KEEP_LOCK, args).await?;
    Ok(())
}

/// The end of a time-lock as it is stored: 0 without one.
fn end_column(until: Option<Timestamp>) -> i64 {
    until.map_or(0, |until| until.timestamp_millis())
}

const UNLOCKED: Sql = Sql::both(
    "SELECT number FROM session_number WHERE number = $1 AND unlocked_time_lock = $2 LIMIT 1",
);

/// Whether a person unlocked the number although that time-lock was in force.
pub(crate) async fn is_unlocked(
    tx: &mut Tx,
    number: &str,
    until: Option<Timestamp>,
) -> Result<bool, Error> {
    let found = tx
        .first(&UNLOCKED, args![number, end_column(until)])
        .await?;
    Ok(found.is_some())
}

const SEE_TIME_LOCK: Sql =
    Sql::both("UPDATE session_number SET time_lock = $3 WHERE session = $1 AND number = $2");

/// Keeps the time-lock that WhatsApp shows.
pub(crate) async fn see_time_lock(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    let args = args![of.session, of.number, end_column(until)];
    tx.execute(&SEE_TIME_LOCK, args).await?;
    Ok(())
}

const FORGET_TIME_LOCK: Sql = Sql::both(
    "UPDATE session_number SET time_lock = NULL, unlocked_time_lock = NULL
     WHERE session = $1 AND number = $2 AND time_lock IS NOT NULL",
);

/// WhatsApp shows no time-lock any more: the next one is another.
pub(crate) async fn forget_time_lock(tx: &mut Tx, of: SessionNumber<'_>) -> Result<(), Error> {
    tx.execute(&FORGET_TIME_LOCK, args![of.session, of.number])
        .await?;
    Ok(())
}

const KEEP_CAPPING: Sql = Sql::both(
    "UPDATE session_number SET capping = $3, capping_until = $4
     WHERE session = $1 AND number = $2 AND (capping IS DISTINCT FROM $3 OR capping_until IS DISTINCT FROM $4)",
);

/// Keeps what WhatsApp says of the messages that the number may still send. Returns whether announcements that wait may go earlier.
pub(crate) async fn keep_capping(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    now: Option<Capping>,
) -> Result<bool, Error> {
    let before = holds(tx, of.number).await?.capping;
    let args = args![
        of.session,
        of.number,
        now.map(|now| now.level),
        now.map(|now| now.until)
    ];
    if tx.execute(&KEEP_CAPPING, args).await? == 0 {
        return Ok(false);
    }
    let after = holds(tx, of.number).await?.capping;
    let shorter = |before: Capping| {
        after.is_none_or(|after| after.level < before.level || after.until < before.until)
    };
    Ok(before.is_some_and(shorter))
}
