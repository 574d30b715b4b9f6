//! One own number on one session: what evidence, conversations, counts, gaps and locks belong to.
//!
//! The rules that must hold: what was written to another number proves nothing and is counted for that number alone; a gap or lock
//! holds for the number on whichever session it is linked. Each session keeps its own: the longest holds, and no session's clock
//! moves what another has kept.

use domain::{
    Timestamp,
    release::{Gaps, Lock},
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
    /// How many locks followed each other.
    pub(crate) locks: i64,
    pub(crate) gaps: Gaps,
}

const HOLDS: Sql = Sql::both(
    "SELECT lock_until, lock_person, lock_reason, lock_count,
            (SELECT max(g.automatic_gap_until) FROM session_number g WHERE g.number = $1) AS automatic_gap_until,
            (SELECT max(g.reply_gap_until) FROM session_number g WHERE g.number = $1) AS reply_gap_until
     FROM session_number WHERE number = $1
     ORDER BY lock_person DESC, COALESCE(lock_until, 0) DESC, lock_count DESC LIMIT 1",
);

/// What holds for that number.
pub(crate) async fn holds(tx: &mut Tx, number: &str) -> Result<Holds, Error> {
    let Some(row) = tx.first(&HOLDS, args![number]).await? else {
        return Ok(Holds::default());
    };
    Ok(Holds {
        lock: read_lock(&row)?,
        lock_reason: row.opt_text("lock_reason")?,
        locks: row.int("lock_count")?,
        gaps: Gaps {
            automatic_until: row.opt_time("automatic_gap_until")?,
            reply_until: row.opt_time("reply_gap_until")?,
        },
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
    "UPDATE session_number SET lock_until = $3, lock_person = $4, lock_reason = $5, lock_count = $6
     WHERE session = $1 AND number = $2",
);

/// Keeps a lock of that number, the `count`-th that followed another.
pub(crate) async fn keep_lock(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    lock: Lock,
    reason: &str,
    count: i64,
) -> Result<(), Error> {
    let until: Option<Timestamp> = match lock {
        Lock::Until(until) => Some(until),
        Lock::Person => None,
    };
    let args = args![of.session, of.number, until, until.is_none(), reason, count];
    tx.execute(&KEEP_LOCK, args).await?;
    Ok(())
}
