//! What is open or in doubt on a session.

use domain::{
    Timestamp,
    ids::{AttemptId, ContactId, MessageId},
    message_status::MessageStatus,
    session::SessionName,
};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
};

/// A message that is composing or sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenAttempt {
    /// The message.
    pub message: MessageId,
    /// Its contact.
    pub contact: ContactId,
    /// The attempt.
    pub attempt: AttemptId,
    /// The epoch it was started in.
    pub epoch: i64,
    /// Composing or sending.
    pub status: MessageStatus,
    /// When it passed the point of no return.
    pub committed_at: Option<Timestamp>,
}

const OPEN: Sql = Sql::both(
    "SELECT id, contact_id, attempt_id, attempt_epoch, status, committed_at FROM whatsapp_message_queue
     WHERE session = $1 AND status IN ('composing', 'sending')",
);

const UNCERTAIN: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS uncertain FROM whatsapp_message_queue
     WHERE session = $1 AND status = 'uncertain'",
);

impl Store {
    /// The session's composing and sending messages.
    pub async fn open_attempts(&self, session: &SessionName) -> Result<Vec<OpenAttempt>, Error> {
        let mut tx = self.db.read().await?;
        open_attempts(&mut tx, session).await
    }

    /// How many of the session's messages are in doubt.
    pub async fn uncertain_count(&self, session: &SessionName) -> Result<u32, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&UNCERTAIN, args![session]).await?;
        row.map_or(Ok(0), |row| row.count("uncertain"))
    }
}

/// The session's composing and sending messages, as the caller's transaction sees them.
pub(super) async fn open_attempts(
    tx: &mut Tx,
    session: &SessionName,
) -> Result<Vec<OpenAttempt>, Error> {
    let rows = tx.all(&OPEN, args![session]).await?;
    // In the order of the ids SQLite would read every message of the session.
    let mut open = rows
        .iter()
        .map(open_attempt)
        .collect::<Result<Vec<_>, _>>()?;
    open.sort_unstable_by_key(|open| open.message);
    Ok(open)
}

fn open_attempt(row: &Row) -> Result<OpenAttempt, Error> {
    Ok(OpenAttempt {
        message: row.parsed("id")?,
        contact: row.parsed("contact_id")?,
        attempt: row.parsed("attempt_id")?,
        epoch: row.int("attempt_epoch")?,
        status: row.parsed("status")?,
        committed_at: row.opt_time("committed_at")?,
    })
}
