//! `whatsapp_message_event`: what happened to each message, append only. Details never hold a phone number or a text.
//!
//! The rule that must hold: the ids of one message's lines sort in the order in which the lines were written. Their times may not: a
//! proof tells a time before the doubt that it ends, and the clocks of two services differ.

use domain::{
    Timestamp,
    ids::{EventId, MessageId},
};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
};

/// One line of a message's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEvent {
    /// Its id.
    pub id: EventId,
    /// What happened, such as `queued` or `typing`.
    pub phase: String,
    /// When.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub duration_ms: Option<i64>,
    /// More, such as the reason of a wait.
    pub detail: Option<String>,
}

/// A line to write.
pub(crate) struct NewEvent<'a> {
    pub(crate) phase: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) detail: Option<&'a str>,
}

impl<'a> NewEvent<'a> {
    /// A line without length or detail.
    pub(crate) const fn new(phase: &'a str, at: Timestamp) -> Self {
        Self {
            phase,
            at,
            duration_ms: None,
            detail: None,
        }
    }
}

const WRITE: Sql = Sql::both(
    "INSERT INTO whatsapp_message_event (id, message_id, phase, at, duration_ms, detail)
     VALUES ($1, $2, $3, $4, $5, $6)",
);

const NEWEST: Sql =
    Sql::both("SELECT max(id) AS id FROM whatsapp_message_event WHERE message_id = $1");

const OF_MESSAGE: Sql = Sql::both(
    "SELECT id, phase, at, duration_ms, detail FROM whatsapp_message_event
     WHERE message_id = $1 ORDER BY id",
);

impl Store {
    /// Writes a line in the transaction of the change itself.
    pub(crate) async fn write_event(
        &self,
        tx: &mut Tx,
        message: MessageId,
        event: NewEvent<'_>,
    ) -> Result<(), Error> {
        let newest = tx.first(&NEWEST, args![message]).await?;
        let newest = newest.map_or(Ok(None), |row| row.opt_parsed("id"))?;
        let id = self.ids.event_after(newest, event.at);
        let detail = event.detail.map(str::to_owned);
        tx.execute_one(
            &WRITE,
            args![
                id,
                message,
                event.phase,
                event.at,
                event.duration_ms,
                detail
            ],
        )
        .await
    }

    /// All that happened to a message, in the order in which it became known; empty when there is no such message.
    pub async fn timeline(&self, id: MessageId) -> Result<Vec<TimelineEvent>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&OF_MESSAGE, args![id]).await?;
        rows.iter().map(timeline_event).collect()
    }
}

fn timeline_event(row: &Row) -> Result<TimelineEvent, Error> {
    Ok(TimelineEvent {
        id: row.parsed("id")?,
        phase: row.text("phase")?,
        at: row.time("at")?,
        duration_ms: row.opt_int("duration_ms")?,
        detail: row.opt_text("detail")?,
    })
}
