//! The receipts for what a session sent, as `domain::receipts` looks at them. Nothing is decided here.

use domain::{
    Timestamp,
    receipts::{READ_AGAIN, ReceiptFacts},
    session::SessionName,
};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

const SESSION: Sql = Sql::both("SELECT state, since FROM whatsapp_session_status WHERE name = $1");

/// Sends by their slots, whose times move along when the wall clock is set; each with the attempt that its message is at now.
/// $1 the session, $2 not committed before.
macro_rules! sends {
    ($columns:literal, $rest:literal) => {
        Sql::both(concat!(
            "SELECT ",
            $columns,
            " FROM send_reservation r
             JOIN whatsapp_message_queue q ON q.id = r.message_id AND q.attempt_id = r.attempt_id
             JOIN whatsapp_session_status l ON l.name = r.session AND l.own_number = r.own_number
             WHERE r.session = $1 AND r.state = 'committed' AND r.committed_at > $2 AND r.ended_at IS NOT NULL
               AND ",
            $rest
        ))
    };
}

// A refusal is a word of WhatsApp's too.
const CONFIRMED: Sql = sends!(
    "r.committed_at, r.ended_at",
    "q.status IN ('sent', 'failed') AND q.ack <> 0 ORDER BY r.committed_at DESC LIMIT 1"
);

const UNCONFIRMED: Sql = sends!(
    "r.ended_at",
    "q.status = 'sent' AND (q.ack IS NULL OR q.ack = 0) ORDER BY r.committed_at"
);

impl Store {
    /// The receipts of the last three days; `None`: there is no such session. Of the sends without any, only those behind the newest
    /// that has one are read: however much a session sends, there are few.
    pub async fn receipt_facts(
        &self,
        session: &SessionName,
        now: Timestamp,
    ) -> Result<Option<ReceiptFacts>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&SESSION, args![session]).await? else {
            return Ok(None);
        };
        let since = now - READ_AGAIN;
        let newest = tx.first(&CONFIRMED, args![session, since]).await?;
        let behind = match &newest {
            Some(row) => row.time("committed_at")?,
            None => since,
        };
        Ok(Some(ReceiptFacts {
            state: row.parsed("state")?,
            since: row.time("since")?,
            newest_confirmed: newest.map(|row| row.time("ended_at")).transpose()?,
            unconfirmed: unconfirmed(&mut tx, session, behind).await?,
        }))
    }
}

async fn unconfirmed(
    tx: &mut Tx,
    session: &SessionName,
    behind: Timestamp,
) -> Result<Vec<Timestamp>, Error> {
    let rows = tx.all(&UNCONFIRMED, args![session, behind]).await?;
    rows.iter().map(|row| row.time("ended_at")).collect()
}
