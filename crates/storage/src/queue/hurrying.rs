//! Send now: a person's word goes before all others.

use domain::{Timestamp, ids::MessageId, message_status::MessageStatus};

use super::{
    changing::{Changed, Told, locked, standing_args},
    message_row::rank,
    standing::standing,
};
use crate::{
    Actor, Error, Store,
    db::{Sql, args},
};

const SEND_NOW: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = $1, eligible_at = $2, wait_reason = $3, wait_ends = $4,
         send_now = 1, rank = $6, version = version + 1, abandoned = 0, abandoned_since = NULL
     WHERE id = $5",
);

impl Store {
    /// Lets a pending message go before all others and lifts the limits that a person may lift (design §6). Consent is
    /// not one of them: without it the message keeps waiting for the guest.
    pub async fn send_now(
        &self,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Changed::Unknown);
        };
        if row.status != MessageStatus::Pending {
            return Ok(Changed::WrongStatus(row.status));
        }
        let wait = standing(&mut tx, &row.session, row.contact, None).await?;
        let mut args = standing_args(wait);
        args.extend(args![id, rank(true, row.lane)]);
        tx.execute_one(&SEND_NOW, args).await?;
        let told = Told {
            phase: "send_now",
            action: "message.send_now",
            detail: None,
        };
        self.told(tx, id, told, actor, now).await
    }
}
