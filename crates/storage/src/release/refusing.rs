//! A rule ends a message for ever: it expired, was answered, its contact opted out, or it turned out to be a duplicate.

use domain::{Timestamp, message_status::Verb};

use crate::{
    CancelReason, Error, Store,
    db::{Sql, Tx, args},
    timeline::NewEvent,
};

use super::{queue_row::QueueRow, reservations};

const CANCEL: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, cancel_reason = $3, due = 0, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL,
         version = version + 1
     WHERE id = $1",
);

impl Store {
    /// Cancels a pending or composing row. A composition finds out at its commit at the latest.
    pub(crate) async fn cancel_by_rule(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        reason: CancelReason,
        now: Timestamp,
    ) -> Result<(), Error> {
        let args = args![row.message, row.after(Verb::Cancel)?, reason.as_str()];
        tx.execute_one(&CANCEL, args).await?;
        let event = NewEvent {
            detail: Some(reason.as_str()),
            ..NewEvent::new("cancelled", now)
        };
        self.write_event(tx, row.message, event).await?;
        if row.status.is_open()
            && let Some(attempt) = row.attempt
        {
            reservations::abandon(tx, attempt).await?;
            self.after_any_end(tx, row, now).await?;
        }
        Ok(())
    }
}
