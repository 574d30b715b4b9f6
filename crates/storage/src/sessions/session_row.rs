//! The state of each session.

use std::collections::BTreeSet;

use domain::{
    Timestamp,
    ids::WorkerId,
    phone_number::PhoneNumber,
    release::{Capping, Lock, Outage},
    session::{SessionName, SessionProblem, SessionState},
    unread_chats::UnreadChats,
};

use super::steering::end_operation;
use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    facts_of_release::{linked_number_of, shares_number},
    locks, send_outage,
    session_number::{self, SessionNumber},
};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its name.
    pub name: SessionName,
    /// What it can do.
    pub state: SessionState,
    /// Why not more.
    pub problem: Option<SessionProblem>,
    /// Since when it is in that state.
    pub since: Timestamp,
    /// The number that is linked.
    pub own_number: Option<PhoneNumber>,
    /// The name it shows.
    pub own_name: Option<String>,
    /// When it replaced another number.
    pub number_since: Option<Timestamp>,
    /// When that number was first connected here.
    pub first_connected_at: Option<Timestamp>,
    /// When WAHA was last asked.
    pub checked_at: Option<Timestamp>,
    /// Who paused it.
    pub paused_by: Option<String>,
    /// Since when it is paused.
    pub paused_at: Option<Timestamp>,
    /// The lock of its number after a restriction.
    pub lock: Option<Lock>,
    /// Why it is locked.
    pub lock_reason: Option<String>,
    /// Whether that lock holds replies too.
    pub lock_replies: bool,
    /// What WhatsApp said last of the messages that its number may still send.
    pub capping: Option<Capping>,
    /// The worker that works it.
    pub lease_owner: Option<WorkerId>,
    /// The epoch of that lease.
    pub lease_epoch: i64,
    /// When that lease ends, or the last one would have ended.
    pub lease_expires_at: Option<Timestamp>,
    /// When that lease was taken or renewed last.
    pub lease_renewed_at: Option<Timestamp>,
    /// WAHA's version and engine.
    pub server: Option<String>,
    /// What the worker could not read of it for too long.
    pub unread_chats: Option<UnreadChats>,
    /// Its failed sends since the last success.
    pub outage: Option<Outage>,
}

// Until WAHA was asked, nothing is known but that nothing can be sent.
const ENSURE: Sql = Sql::both(
    "INSERT INTO whatsapp_session_status (name, state, since) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO NOTHING",
);

/// A query for sessions, continued by the given text.
macro_rules! session_query {
    ($rest:literal) => {
        Sql::both(concat!(
            "SELECT name, state, problem, since, own_number, own_name, first_connected_at, checked_at, paused_by,
                    linked, number_since, paused_at, lease_owner, lease_epoch, lease_expires_at, lease_renewed_at, server,
                    unread_chats, unread_chats_since, ",
            shares_number!(),
            " AS shares_number
             FROM whatsapp_session_status s ",
            $rest
        ))
    };
}

const UNREAD: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET unread_chats = $2, unread_chats_since = $3 WHERE name = $1",
);

const ALL: Sql = session_query!("");
const ONE: Sql = session_query!("WHERE name = $1");

impl Store {
    /// Makes rows for sessions that have none; a new one is disconnected since `now`. For the start of queue-api: ends the pauses of
    /// operations that an earlier process did not end.
    pub async fn ensure_sessions(
        &self,
        names: &[SessionName],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        let names: BTreeSet<_> = names.iter().collect();
        for name in names {
            tx.execute(&ENSURE, args![name, SessionState::Disconnected, now])
                .await?;
            end_operation(&mut tx, name).await?;
        }
        tx.commit().await
    }

    /// Keeps which chats of a session cannot be read.
    pub async fn record_unread_chats(
        &self,
        name: &SessionName,
        unread: Option<UnreadChats>,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let chats = unread.map_or(0, |unread| i64::from(unread.chats));
        let since = unread.map(|unread| unread.since);
        tx.execute(&UNREAD, args![name, chats, since]).await?;
        tx.commit().await
    }

    /// All sessions, by name.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ALL, Vec::new()).await?;
        let mut sessions = Vec::new();
        for row in &rows {
            sessions.push(session_row(&mut tx, row).await?);
        }
        sessions.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(sessions)
    }

    /// One session.
    pub async fn session(&self, name: &SessionName) -> Result<Option<SessionRow>, Error> {
        let mut tx = self.db.read().await?;
        match tx.first(&ONE, args![name]).await? {
            Some(row) => Ok(Some(session_row(&mut tx, &row).await?)),
            None => Ok(None),
        }
    }
}

fn unread_chats(row: &Row) -> Result<Option<UnreadChats>, Error> {
    let chats = row.count("unread_chats")?;
    let since = row.opt_time("unread_chats_since")?;
    Ok(since.map(|since| UnreadChats { since, chats }))
}

async fn session_row(tx: &mut Tx, row: &Row) -> Result<SessionRow, Error> {
    let name = row.parsed("name")?;
    let number = row.opt_text("own_number")?.unwrap_or_default();
    let holds = session_number::holds(tx, &number).await?;
    let of = SessionNumber::new(&name, &number);
    let outage = send_outage::read(tx, of).await?;
    let own_number = linked_number_of(row)?;
    Ok(SessionRow {
        name,
        state: row.parsed("state")?,
        problem: if row.int("shares_number")? > 0 {
            Some(SessionProblem::SameNumber)
        } else {
            row.opt_parsed("problem")?
        },
        since: row.time("since")?,
        own_name: row.opt_text("own_name")?.filter(|_| own_number.is_some()),
        own_number,
        number_since: row.opt_time("number_since")?,
        first_connected_at: row.opt_time("first_connected_at")?,
        checked_at: row.opt_time("checked_at")?,
        paused_by: row.opt_text("paused_by")?,
        paused_at: row.opt_time("paused_at")?,
        lock: holds.lock,
        lock_reason: holds.lock_reason,
        lock_replies: holds.lock_replies,
        capping: holds.capping,
        lease_owner: row.opt_parsed("lease_owner")?,
        lease_epoch: row.int("lease_epoch")?,
        lease_expires_at: row.opt_time("lease_expires_at")?,
        lease_renewed_at: row.opt_time("lease_renewed_at")?,
        server: row.opt_text("server")?,
        unread_chats: unread_chats(row)?,
        outage,
    })
}
