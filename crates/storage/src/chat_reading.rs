//! Chats that became a guest's after something was written there: the worker reads each of them from its beginning.
//!
//! The rule that must hold: a chat is asked for in the transaction that makes it a guest's, and stays asked for until what it
//! shows is recorded.

use domain::{Timestamp, chat_id::ChatId, session::SessionName};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

/// A chat that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatToRead {
    /// The chat.
    pub chat: ChatId,
    /// When that was last asked for.
    pub asked_at: Timestamp,
}

// Asked for anew while it is being read, it is read again: the later time is another one.
const ASK: Sql = Sql::both(
    "INSERT INTO chat_reading (session, chat_id, asked_at) VALUES ($1, $2, $3)
     ON CONFLICT (session, chat_id) DO UPDATE
     SET asked_at = CASE WHEN chat_reading.asked_at < excluded.asked_at THEN excluded.asked_at
                         ELSE chat_reading.asked_at + 1 END",
);

const ASKED: Sql = Sql::both(
    "SELECT chat_id, asked_at FROM chat_reading WHERE session = $1 ORDER BY asked_at, chat_id",
);

const ASKED_SINCE: Sql =
    Sql::both("SELECT DISTINCT session FROM chat_reading WHERE asked_at >= $1 ORDER BY session");

const DONE: Sql =
    Sql::both("DELETE FROM chat_reading WHERE session = $1 AND chat_id = $2 AND asked_at = $3");

/// Asks for a chat, in the caller's transaction.
pub(crate) async fn ask(
    tx: &mut Tx,
    session: &SessionName,
    chat: &ChatId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(&ASK, args![session, chat, now]).await?;
    Ok(())
}

impl Store {
    /// The chats of a session that are to be read from their beginning, the longest asked for first.
    pub async fn chats_to_read(&self, session: &SessionName) -> Result<Vec<ChatToRead>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ASKED, args![session]).await?;
        let chat = |row: &crate::db::Row| {
            Ok(ChatToRead {
                chat: row.made("chat_id")?,
                asked_at: row.time("asked_at")?,
            })
        };
        rows.iter().map(chat).collect()
    }

    /// The sessions on which a chat was asked for at that time or later. Whoever becomes known by what they wrote to one spouse
    /// may have written to the other too.
    pub async fn sessions_asked_to_read(
        &self,
        since: Timestamp,
    ) -> Result<Vec<SessionName>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ASKED_SINCE, args![since]).await?;
        rows.iter().map(|row| row.parsed("session")).collect()
    }

    /// All that the chat showed is recorded. If it was asked for again meanwhile, it stays.
    pub async fn chat_was_read(
        &self,
        session: &SessionName,
        read: &ChatToRead,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&DONE, args![session, &read.chat, read.asked_at])
            .await?;
        tx.commit().await
    }
}
