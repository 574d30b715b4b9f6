//! Giving a message another recipient: one that waits at a contact which had been mixed up with the account itself.

use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    message_status::MessageStatus,
};

use super::{
    changing::{Changed, Told, locked, standing_args},
    message_row::message_query,
    standing::{scheduled, standing},
};
use crate::{
    Actor, Error, MessageRow, Store,
    db::{Sql, Tx, args},
    facts::unconfirmed::stranded,
    locks,
};

/// What came of giving a message another recipient.
#[derive(Debug, Clone)]
pub enum Readdressed {
    /// It was looked at; whether it was changed.
    Changed(Changed),
    /// There is no such other contact, or it is an own number.
    NoSuchContact,
    /// The contact has a copy of the same broadcast.
    HasCopy,
}

const STRANDED: Sql = message_query!(concat!(
    "WHERE q.contact_id = $1 AND ",
    stranded!(),
    " ORDER BY q.id"
));

const CONTACT_OF: Sql = Sql::both("SELECT contact_id FROM whatsapp_message_queue WHERE id = $1");

const UNCONFIRMED: Sql =
    Sql::both("SELECT id FROM contact WHERE id = $1 AND identity_unconfirmed_since IS NOT NULL");

const RECIPIENT: Sql = Sql::both(
    "SELECT c.id FROM contact c JOIN whatsapp_message_queue q ON q.id = $2 AND q.contact_id <> c.id
     WHERE c.id = $1
       AND NOT EXISTS (SELECT 1 FROM session_number n
                       WHERE n.number = c.phone AND (n.session = q.session OR c.identity_unconfirmed_since IS NOT NULL))",
);

const HAS_COPY: Sql = Sql::both(
    "SELECT o.id FROM whatsapp_message_queue q
     JOIN whatsapp_message_queue o ON o.broadcast_id = q.broadcast_id AND o.contact_id = $2
     WHERE q.id = $1 AND o.id <> q.id LIMIT 1",
);

const READDRESS: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = $1, eligible_at = $2, wait_reason = $3, wait_ends = $4, contact_id = $6, reply_to = NULL, version = version + 1
     WHERE id = $5",
);

impl Store {
    /// Messages that wait at a contact with an own number, oldest first: a person gives each another recipient, or cancels it.
    pub async fn stranded_messages(&self, contact: ContactId) -> Result<Vec<MessageRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&STRANDED, args![contact]).await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// Gives a message that waits at an unconfirmed contact another recipient. It leaves under the same rules as a new one.
    pub async fn readdress(
        &self,
        id: MessageId,
        to: ContactId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Readdressed, Error> {
        let mut tx = self.db.write().await?;
        // Both contacts and their sessions, in whatever order.
        locks::lock_all_sessions(&mut tx).await?;
        let Some(at) = tx.first(&CONTACT_OF, args![id]).await? else {
            return Ok(Readdressed::Changed(Changed::Unknown));
        };
        let from: ContactId = at.parsed("contact_id")?;
        for contact in [from.min(to), from.max(to)] {
            locks::lock_contact(&mut tx, contact).await?;
        }
        let Some(row) = locked(&mut tx, id).await? else {
            return Ok(Readdressed::Changed(Changed::Unknown));
        };
        let open = tx.first(&UNCONFIRMED, args![row.contact]).await?;
        if row.status != MessageStatus::Pending || open.is_none() {
            return Ok(Readdressed::Changed(Changed::WrongStatus(row.status)));
        }
        if tx.first(&RECIPIENT, args![to, id]).await?.is_none() {
            return Ok(Readdressed::NoSuchContact);
        }
        if tx.first(&HAS_COPY, args![id, to]).await?.is_some() {
            return Ok(Readdressed::HasCopy);
        }
        move_to(&mut tx, &row, to, now).await?;
        let told = Told {
            phase: "edited",
            action: "message.edit",
            detail: Some(&format!("recipient: {} to {to}", row.contact)),
        };
        let changed = self.told(tx, id, told, actor, now).await?;
        Ok(Readdressed::Changed(changed))
    }
}

async fn move_to(
    tx: &mut Tx,
    row: &MessageRow,
    to: ContactId,
    now: Timestamp,
) -> Result<(), Error> {
    let wait = scheduled(row.not_before, row.send_now, now);
    let wait = standing(tx, &row.session, to, wait).await?;
    let mut args = standing_args(wait);
    args.extend(args![row.id, to]);
    tx.execute_one(&READDRESS, args).await
}
