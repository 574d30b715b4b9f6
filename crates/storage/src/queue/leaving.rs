//! Leaving a failed message at that, by a person's word: it stays failed and in the list, and asks for nobody any more.

use domain::{Timestamp, ids::MessageId, message_status::MessageStatus};

use super::changing::{Changed, Told, locked};
use crate::{
    Actor, Error, Store,
    db::{Sql, args},
};

const LEAVE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET failure_left_at = $2, version = version + 1
     WHERE id = $1 AND status = 'failed'",
);

impl Store {
    /// Takes a failed message out of what waits for a person. Leaving it twice changes nothing.
    pub async fn leave_failed(
        &self,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Changed::Unknown);
        };
        if row.status != MessageStatus::Failed {
            return Ok(Changed::WrongStatus(row.status));
        }
        if row.failure_left_at.is_some() {
            return Ok(Changed::Done(Box::new(row)));
        }
        tx.execute_one(&LEAVE, args![id, now]).await?;
        let told = Told {
            phase: "left",
            action: "message.leave",
            detail: None,
        };
        self.told(tx, id, told, actor, now).await
    }
}
