//! What happened, in the order in which it was committed, for pages that are open. The database's triggers write it
//! (migration 0003); a reader continues from where it was and never misses or repeats anything, because on PostgreSQL it
//! reads only what no transaction that still runs can come before. Transactions of other databases do not matter.

use std::{fmt, str::FromStr};

use crate::{
    Error, Store,
    db::{Row, Sql, args},
};

/// A place in the order of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveCursor {
    txid: i64,
    position: i64,
}

/// The text is not a place that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in what happened: use the one that the last event gave")]
pub struct InvalidLiveCursor;

impl fmt::Display for LiveCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.txid, self.position)
    }
}

impl FromStr for LiveCursor {
    type Err = InvalidLiveCursor;

    fn from_str(text: &str) -> Result<Self, InvalidLiveCursor> {
        let (txid, position) = text.split_once('-').ok_or(InvalidLiveCursor)?;
        // only as it is printed: no sign and no leading zero
        let number = |text: &str| {
            let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
            number.filter(|number| number.to_string() == text)
        };
        Ok(Self {
            txid: number(txid).ok_or(InvalidLiveCursor)?,
            position: number(position).ok_or(InvalidLiveCursor)?,
        })
    }
}

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEvent {
    /// Its place.
    pub cursor: LiveCursor,
    /// What changed: `message`, `contact`, `session`, or `writer` (somebody unknown wrote).
    pub kind: LiveKind,
    /// Which: an id, or the name of a session.
    pub subject: String,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveKind {
    /// A message of the queue; the subject is its id.
    Message,
    /// A conversation; the subject is the contact's id.
    Contact,
    /// A session; the subject is its name.
    Session,
    /// Somebody who is on no list wrote to the session that the subject names.
    Writer,
}

impl LiveKind {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Contact => "contact",
            Self::Session => "session",
            Self::Writer => "writer",
        }
    }

    fn read(text: &str) -> Result<Self, Error> {
        [Self::Message, Self::Contact, Self::Session, Self::Writer]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(Error::Corrupt { column: "kind" })
    }
}

// What every transaction that may still write here comes behind: on PostgreSQL the oldest of this database that has begun to
// write, else the next one of all. Its own statement, before the one that reads: a transaction that has ended in between is
// then seen, and one that has begun is behind. (The snapshot's own `xmin` would do, but waits for other databases, too.)
// `backend_xid` has 32 of the 64 bits of a transaction's number; one that looks younger than the snapshot is behind anyway.
const HORIZON: Sql = Sql::each(
    "SELECT 1 AS horizon",
    "WITH s AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax)
     SELECT LEAST(s.xmax, (
         SELECT min(s.xmax - ((s.xmax - a.backend_xid::text::bigint) & 4294967295)) FROM pg_stat_activity a
         WHERE a.datname = current_database() AND a.backend_xid IS NOT NULL
           AND ((s.xmax - a.backend_xid::text::bigint) & 4294967295) < 2147483648)) AS horizon FROM s",
);

const END: Sql = Sql::each(
    "SELECT $1 - 1 AS txid, COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'live_event'), 0) AS position",
    "SELECT CAST($1 AS BIGINT) - 1 AS txid, 9223372036854775807 AS position",
);

// On SQLite every event has the same txid: only the position leads to the events behind one.
const AFTER: Sql = Sql::each(
    "SELECT position, txid, kind, subject FROM live_event
     WHERE position > $2 AND +txid >= $1 AND +txid < $4 ORDER BY position LIMIT $3",
    "SELECT position, txid, kind, subject FROM live_event
     WHERE (txid, position) > ($1, $2) AND txid < $4 ORDER BY txid, position LIMIT $3",
);

const NEWEST: Sql = Sql::both(
    "SELECT txid, position FROM live_event WHERE txid < $1 ORDER BY txid DESC, position DESC LIMIT 1",
);

const OLDEST: Sql = Sql::both("SELECT txid, position FROM live_event ORDER BY position LIMIT 1");

impl Store {
    /// The place behind everything that has happened so far.
    pub async fn live_end(&self) -> Result<LiveCursor, Error> {
        let horizon = self.horizon().await?;
        let mut tx = self.db.read().await?;
        let row = tx.first(&END, args![horizon]).await?;
        cursor(&row.ok_or(Error::UnexpectedRows { touched: 0 })?)
    }

    /// The last place at which something happened; `None`: nothing has.
    pub async fn live_newest(&self) -> Result<Option<LiveCursor>, Error> {
        let horizon = self.horizon().await?;
        let mut tx = self.db.read().await?;
        let row = tx.first(&NEWEST, args![horizon]).await?;
        row.as_ref().map(cursor).transpose()
    }

    /// What happened behind `after`, at most `limit` events.
    pub async fn live_after(&self, after: LiveCursor, limit: u32) -> Result<Vec<LiveEvent>, Error> {
        let horizon = self.horizon().await?;
        let mut tx = self.db.read().await?;
        let args = args![after.txid, after.position, limit, horizon];
        let rows = tx.all(&AFTER, args).await?;
        rows.iter().map(event).collect()
    }

    /// The number of the oldest transaction of which more may come.
    async fn horizon(&self) -> Result<i64, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&HORIZON, Vec::new()).await?;
        tx.commit().await?;
        row.ok_or(Error::UnexpectedRows { touched: 0 })?
            .int("horizon")
    }

    /// Whether all that happened behind `after` is still kept.
    pub async fn live_is_kept(&self, after: LiveCursor) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        let oldest = tx.first(&OLDEST, Vec::new()).await?;
        let oldest = oldest.as_ref().map(cursor).transpose()?;
        // the first of all was never preceded by one that is gone
        Ok(oldest.is_none_or(|oldest| oldest <= after || oldest.position == 1))
    }
}

fn cursor(row: &Row) -> Result<LiveCursor, Error> {
    Ok(LiveCursor {
        txid: row.int("txid")?,
        position: row.int("position")?,
    })
}

fn event(row: &Row) -> Result<LiveEvent, Error> {
    Ok(LiveEvent {
        cursor: cursor(row)?,
        kind: LiveKind::read(&row.text("kind")?)?,
        subject: row.text("subject")?,
    })
}
