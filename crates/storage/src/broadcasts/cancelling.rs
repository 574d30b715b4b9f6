//! Cancelling what is left of a broadcast: what waits by one statement, what is being typed one by one.

use domain::{
    Timestamp,
    ids::BroadcastId,
    message_status::{MessageStatus, Verb},
    release::RefuseReason,
};

use crate::{
    CancelReason, Error, Store,
    db::{Sql, Tx, args},
    queue::JsonEvent,
    release::{self, queue_rows},
};

const REASON: CancelReason = CancelReason::Rule(RefuseReason::BroadcastCancelled);

// In the order in which the contacts are locked.
const COMPOSING: Sql =
    queue_rows!("WHERE q.broadcast_id = $1 AND q.status = 'composing' ORDER BY q.contact_id, q.id");

// As `Store::cancel_by_rule` does with one.
const CANCEL: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, cancel_reason = $3, due = 0, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL,
         version = version + 1
     WHERE broadcast_id = $1 AND status = 'pending' RETURNING id",
);

const EVENTS: Sql = Sql::each(
    "INSERT INTO whatsapp_message_event (id, message_id, phase, at, detail)
     SELECT value ->> 'id', value ->> 'message', 'cancelled', $2, $3 FROM json_each($1)",
    "INSERT INTO whatsapp_message_event (id, message_id, phase, at, detail)
     SELECT r.id, r.message, 'cancelled', $2, $3 FROM json_to_recordset(CAST($1 AS json)) AS r (id text, message text)",
);

impl Store {
    /// Cancels every copy that has not been committed. What is put back or sent again later is refused by the rules.
    pub(super) async fn cancel_rest(
        &self,
        tx: &mut Tx,
        id: BroadcastId,
        now: Timestamp,
    ) -> Result<(), Error> {
        for row in release::all(tx, &COMPOSING, args![id]).await? {
            self.cancel_by_rule(tx, &row, REASON, now).await?;
        }
        let cancelled = MessageStatus::Pending.after(Verb::Cancel)?;
        let rows = tx
            .all(&CANCEL, args![id, cancelled, REASON.as_str()])
            .await?;
        let mut messages = rows
            .iter()
            .map(|row| row.parsed("id"))
            .collect::<Result<Vec<_>, _>>()?;
        messages.sort_unstable();
        let event = |message| JsonEvent {
            id: self.ids.event(now),
            message,
        };
        let events: Vec<_> = messages.into_iter().map(event).collect();
        let events = serde_json::to_string(&events)?;
        tx.execute(&EVENTS, args![events, now, REASON.as_str()])
            .await?;
        Ok(())
    }
}
