//! Back into the queue by a person's word: a failed message is tried again, a doubted one is sent again.

use domain::{
    Timestamp,
    ids::MessageId,
    message_status::{MessageStatus, Verb},
};

use super::{
    changing::{Changed, Told, locked, standing_args},
    standing::{scheduled, standing},
};
use crate::{
    Actor, Error, MessageRow, Store,
    db::{Sql, Tx, args},
};

// What belonged to the last attempt is forgotten, so that nothing late about it is taken for the next one. The attempt's own
// id and WhatsApp's stay until the next claim: a late proof that it did arrive can still be found by them.
const REQUEUE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = $1, eligible_at = $2, wait_reason = $3, wait_ends = $4,
         status = $6, version = version + 1, last_error = NULL, failure_left_at = NULL,
         client_raw_id = NULL, snapshot = NULL, ack = NULL,
         sent_at = NULL, delivered_at = NULL, read_at = NULL,
         uncertain_since = NULL, looked = 0, next_look_at = NULL,
         preemptions = 0, abandoned = 0, abandoned_since = NULL
     WHERE id = $5",
);

/// Puts the row back into the queue as if it had just been queued there.
pub(super) async fn requeue(
    tx: &mut Tx,
    row: &MessageRow,
    status: MessageStatus,
    now: Timestamp,
) -> Result<(), Error> {
    let wait = scheduled(row.not_before, row.send_now, now);
    let wait = standing(tx, &row.session, row.contact, wait).await?;
    let mut args = standing_args(wait);
    args.extend(args![row.id, status]);
    tx.execute_one(&REQUEUE, args).await
}

impl Store {
    /// Puts a failed message back into the queue. Had a receipt shown by now that it did reach WhatsApp, it would be `sent`.
    pub async fn retry(
        &self,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Changed::Unknown);
        };
        let Ok(pending) = row.status.after(Verb::Retry) else {
            return Ok(Changed::WrongStatus(row.status));
        };
        requeue(&mut tx, &row, pending, now).await?;
        let told = Told {
            phase: "retried",
            action: "message.retry",
            detail: None,
        };
        self.told(tx, id, told, actor, now).await
    }
}
