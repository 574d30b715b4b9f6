//! Filling a queue with a million rows in a minute, for benchmarks: what thousands of calls would have left behind, written
//! by a few statements. Not a way to put real messages into a queue: nothing is checked.
//!
//! The rule that must hold: rows look as the product would have written them, or what is measured on them means nothing.

use domain::{Timestamp, session::SessionName};

use crate::{
    Error,
    db::{Sql, Tx, args},
    testing::TestDatabase,
};

/// What to put into one session's queue.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// Whose queue. The session must exist.
    pub session: &'a SessionName,
    /// How many messages, all pending.
    pub messages: u32,
    /// How many guests have written to the session, two days ago; as many more never have.
    pub guests: u32,
    /// What the messages wait for.
    pub standing: Standing,
    /// When they were queued.
    pub now: Timestamp,
}

/// What pending messages wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing of their own: the claim looks at them.
    Due,
    /// That their guest writes.
    ForAnEvent,
    /// A time, from a day after now on, one each millisecond.
    Scheduled,
    /// A quarter each: due, for an event, scheduled, and set aside for the cool-down of their guest.
    Mixed,
}

impl Standing {
    const fn code(self) -> i64 {
        match self {
            Self::Due => 0,
            Self::ForAnEvent => 1,
            Self::Scheduled => 2,
            Self::Mixed => 4,
        }
    }
}

/// `counted!("…")`: a statement that has the numbers from 0 to below $1 as `n (i)`.
macro_rules! counted {
    ($statement:literal) => {
        Sql::both(concat!(
            "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1) ",
            $statement
        ))
    };
}

mod history;
pub use history::History;
pub(crate) use history::numbered;

// Ids and numbers are made of the row's own number; digits are hexadecimal digits too.
const CONTACTS: Sql = counted!(
    "INSERT INTO contact (id, phone, created_at)
     SELECT '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + i AS TEXT), 2),
            '39347' || substr(CAST(10000000 + i AS TEXT), 2), $2
     FROM n"
);

const INBOUND: Sql = counted!(
    "INSERT INTO conversation_message
         (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, body, origin, at, recorded_at, own_number)
     SELECT '01930000-0000-7000-8002-' || substr(CAST(1000000000000 + i AS TEXT), 2), $3,
            '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + i AS TEXT), 2), 'inbound',
            'IN' || i, 'false_IN' || i, '39347' || substr(CAST(10000000 + i AS TEXT), 2) || '@c.us',
            'text', 'Hello', 'guest', $2, $2, COALESCE((SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = $3), '')
     FROM n"
);

const EVIDENCE: Sql = counted!(
    "INSERT INTO contact_session (contact_id, session, evidence_id, chat_id, last_in_at, answered_at, own_number)
     SELECT '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + i AS TEXT), 2), $3,
            '01930000-0000-7000-8002-' || substr(CAST(1000000000000 + i AS TEXT), 2),
            '39347' || substr(CAST(10000000 + i AS TEXT), 2) || '@c.us', $2, $2,
            COALESCE((SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = $3), '')
     FROM n"
);

// $2 now, $3 session, $4 guests, $5 standing. Four neighbours belong to one guest, so that each guest has some of each kind.
const MESSAGES: Sql = counted!(
    "INSERT INTO whatsapp_message_queue
         (id, session, contact_id, body, body_folded, lane, rank, priority, status, queued_at,
          not_before, due, eligible_at, wait_reason, wait_ends)
     SELECT '01930000-0000-7000-8003-' || substr(CAST(1000000000000 + i AS TEXT), 2), $3,
            '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + guest AS TEXT), 2),
            'See you on Saturday, number ' || i, 'see you on saturday, number ' || i,
            'manual', 2, i % 3, 'pending', $2,
            CASE kind WHEN 2 THEN $2 + 86400000 + i END,
            CASE kind WHEN 0 THEN 1 ELSE 0 END,
            CASE kind WHEN 2 THEN $2 + 86400000 + i WHEN 3 THEN $2 + 3600000 + i END,
            CASE kind WHEN 1 THEN 'guest_has_not_written' WHEN 2 THEN 'not_before' WHEN 3 THEN 'cool_down' END,
            CASE kind WHEN 1 THEN 'event:contact_writes' WHEN 2 THEN 'at' WHEN 3 THEN 'at' END
     FROM (SELECT i, kind, i / 4 % $4 + CASE kind WHEN 1 THEN $4 ELSE 0 END AS guest
           FROM (SELECT i, CASE $5 WHEN 4 THEN i % 4 ELSE $5 END AS kind FROM n) k) m"
);

// What PostgreSQL does by itself some minutes later. SQLite never does, and neither do we.
const LOOK: Sql = Sql::each("SELECT 1", "ANALYZE");

impl TestDatabase {
    /// Puts guests and messages into a database that has none.
    pub async fn fill(&self, filling: &Filling<'_>) -> Result<(), Error> {
        let Filling {
            session,
            messages,
            guests,
            standing,
            now,
        } = *filling;
        let wrote_at = now - chrono::TimeDelta::days(2);
        let mut tx = self.store().db.write().await?;
        fill_guests(&mut tx, session, guests, wrote_at).await?;
        let args = args![messages, now, session, guests, standing.code()];
        tx.execute(&MESSAGES, args).await?;
        tx.execute(&LOOK, Vec::new()).await?;
        tx.commit().await
    }
}

/// Guests who have written to the session, and as many more who never have.
async fn fill_guests(
    tx: &mut Tx,
    session: &SessionName,
    guests: u32,
    wrote_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(&CONTACTS, args![2 * guests, wrote_at]).await?;
    for sql in [&INBOUND, &EVIDENCE] {
        tx.execute(sql, args![guests, wrote_at, session]).await?;
    }
    Ok(())
}

const VERSION: Sql = Sql::each(
    "SELECT sqlite_version() AS value",
    "SELECT current_setting('server_version') AS value",
);

impl TestDatabase {
    /// The database's own version, such as `17.2`.
    pub async fn server_version(&self) -> Result<String, Error> {
        let mut tx = self.store().db.read().await?;
        let row = tx.first(&VERSION, Vec::new()).await?;
        row.ok_or(Error::UnexpectedRows { touched: 0 })?
            .text("value")
    }
}
