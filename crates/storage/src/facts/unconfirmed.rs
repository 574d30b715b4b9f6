//! Contacts whose chats had been mixed up with the account's own: nothing is sent to them until they write again, or a person confirms
//! who they are.

use domain::{Timestamp, ids::ContactId};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
};

// The owner of an account who writes to the other session confirms nothing of those who were taken for the account.
const WROTE: Sql = Sql::both(
    "UPDATE contact SET identity_unconfirmed_since = NULL
     WHERE id = $1 AND identity_unconfirmed_since <= $2
       AND NOT EXISTS (SELECT 1 FROM session_number n WHERE n.number = contact.phone)",
);

const CONFIRM: Sql = Sql::both(
    "UPDATE contact SET identity_unconfirmed_since = NULL WHERE id = $1 AND identity_unconfirmed_since IS NOT NULL",
);

/// `stranded!()`: messages `q` that wait at an unconfirmed contact `c` with an own number, which is no guest's, or with which none writes
/// to their session. A person gives each another recipient, or cancels it.
macro_rules! stranded {
    () => {
        "q.status = 'pending' AND c.identity_unconfirmed_since IS NOT NULL
         AND EXISTS (SELECT 1 FROM session_number n
                     WHERE n.number = c.phone
                       AND (n.session = q.session OR NOT EXISTS (SELECT 1 FROM guest g WHERE g.contact_id = c.id)))"
    };
}
pub(crate) use stranded;

const STRANDED: Sql = Sql::both(concat!(
    "SELECT q.id FROM whatsapp_message_queue q JOIN contact c ON c.id = q.contact_id WHERE q.contact_id = $1 AND ",
    stranded!(),
    " LIMIT 1"
));

const LOOK_AGAIN: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE contact_id = $1 AND status = 'pending' AND wait_reason = 'identity_unconfirmed'",
);

// One without a guest, a household and a message that waits keeps nothing from anybody.
const UNCONFIRMED: Sql = Sql::both(
    "SELECT c.id FROM contact c
     WHERE c.identity_unconfirmed_since IS NOT NULL
       AND (c.household_id IS NOT NULL OR EXISTS (SELECT 1 FROM guest g WHERE g.contact_id = c.id)
            OR EXISTS (SELECT 1 FROM whatsapp_message_queue q WHERE q.contact_id = c.id AND q.status = 'pending'))
     ORDER BY c.id LIMIT $1",
);

impl Store {
    /// Contacts that wait for a person to confirm who they are, `limit` at most.
    pub async fn unconfirmed_contacts(&self, limit: u32) -> Result<Vec<ContactId>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&UNCONFIRMED, args![i64::from(limit)]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }

    /// A person confirms that the contact is who it is known as. Returns whether that was open. It stays open while messages are
    /// stranded there.
    pub async fn confirm_contact(
        &self,
        contact: ContactId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_contact(&mut tx, contact).await?;
        let stranded = tx.first(&STRANDED, args![contact]).await?;
        if stranded.is_some() || !confirm(&mut tx, contact).await? {
            return Ok(false);
        }
        let deed = Deed {
            action: "contact.confirm",
            subject: &contact.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The contact wrote at that time, when a person had not confirmed it yet. The caller holds its lock.
pub(super) async fn wrote(tx: &mut Tx, contact: ContactId, at: Timestamp) -> Result<(), Error> {
    if tx.execute(&WROTE, args![contact, at]).await? == 1 {
        tx.execute(&LOOK_AGAIN, args![contact]).await?;
    }
    Ok(())
}

/// A person knows who the contact is. Returns whether that was open. The caller holds its lock.
pub(crate) async fn confirm(tx: &mut Tx, contact: ContactId) -> Result<bool, Error> {
    let open = tx.execute(&CONFIRM, args![contact]).await? == 1;
    if open {
        tx.execute(&LOOK_AGAIN, args![contact]).await?;
    }
    Ok(open)
}
