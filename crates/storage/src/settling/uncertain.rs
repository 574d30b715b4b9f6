//! The messages in doubt, with all that is needed to look for them.

use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{AttemptId, ContactId, MessageId},
    message_text::MessageText,
    session::SessionName,
};

use crate::{
    Error, Store, clock_steps,
    db::{Row, Sql, args},
};

/// A message in doubt, and what is needed to look for it.
#[derive(Debug, Clone)]
pub struct UncertainRow {
    /// The message.
    pub message: MessageId,
    /// The attempt in doubt.
    pub attempt: AttemptId,
    /// To whom.
    pub contact: ContactId,
    /// The chat to look into.
    pub chat: ChatId,
    /// What was written.
    pub text: MessageText,
    /// When it was committed, at the earliest as WhatsApp's clock may tell it.
    pub committed_at: Timestamp,
    /// The id it will have, when the engine let us choose it.
    pub client_raw_id: Option<String>,
    /// The own raw ids that the chat held before the commit.
    pub snapshot: Vec<String>,
    /// How often the chat was looked at.
    pub looked: u32,
    /// When to look next; `None`: only an event or a person settles it.
    pub next_look_at: Option<Timestamp>,
}

/// What looking into the chat showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is there.
    Sent,
    /// Nothing is proven.
    StillUncertain {
        /// When to look next; `None`: only an event or a person settles it.
        next_look_at: Option<Timestamp>,
    },
    /// That attempt is not in doubt any more.
    Gone,
}

const UNCERTAIN: Sql = Sql::both(
    "SELECT q.id, q.attempt_id, q.contact_id, q.body, q.committed_at, q.client_raw_id, q.snapshot, q.looked, q.next_look_at,
            (SELECT e.chat_id FROM conversation_message e WHERE e.id = q.evidence_id) AS chat_id, l.clock_forward_ms, l.clock_set_at
     FROM whatsapp_message_queue q
     JOIN whatsapp_session_status l ON l.name = q.session AND q.own_number IN (l.own_number, '')
     WHERE q.session = $1 AND q.status = 'uncertain'
     ORDER BY q.committed_at, q.id",
);

impl Store {
    /// The session's uncertain messages that its present number sent, oldest first. The chats of another number show nothing of
    /// the others.
    pub async fn uncertain(&self, session: &SessionName) -> Result<Vec<UncertainRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&UNCERTAIN, args![session]).await?;
        rows.iter().map(uncertain_row).collect()
    }
}

fn uncertain_row(row: &Row) -> Result<UncertainRow, Error> {
    let snapshot = row.opt_text("snapshot")?;
    let committed_at = row.time("committed_at")?;
    Ok(UncertainRow {
        message: row.parsed("id")?,
        attempt: row.parsed("attempt_id")?,
        contact: row.parsed("contact_id")?,
        chat: row.made("chat_id")?,
        text: row.made("body")?,
        committed_at: committed_at - clock_steps::doubt_at(row, committed_at)?,
        client_raw_id: row.opt_text("client_raw_id")?,
        snapshot: snapshot.map_or(Ok(Vec::new()), |json| serde_json::from_str(&json))?,
        looked: row.count("looked")?,
        next_look_at: row.opt_time("next_look_at")?,
    })
}
