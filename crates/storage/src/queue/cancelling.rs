//! Cancelling a message before it has left.

use domain::{Timestamp, ids::MessageId, message_status::Verb};

use super::{CancelReason, changing::Changed};
use crate::{Actor, Error, Store, audit::Deed, locks::lock_message, release};

impl Store {
    /// Cancels a message that has not been committed; a composition of it can no longer commit.
    pub async fn cancel(
        &self,
        id: MessageId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut tx = self.db.write().await?;
        if !lock_message(&mut tx, id).await? {
            return Ok(Changed::Unknown);
        }
        let row = release::by_id(&mut tx, id).await?;
        if row.status.after(Verb::Cancel).is_err() {
            return Ok(Changed::WrongStatus(row.status));
        }
        self.cancel_by_rule(&mut tx, &row, CancelReason::Person, now)
            .await?;
        let deed = Deed {
            action: "message.cancel",
            subject: &id.to_string(),
            detail: None,
        };
        self.done(tx, id, deed, actor, now).await
    }
}
