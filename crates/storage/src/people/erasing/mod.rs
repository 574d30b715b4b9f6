//! Erasing a guest: everything that tells who they are and what was said goes, on every session.
//!
//! The rules that must hold: after it nothing in the database leads to the person, so that they are an unknown writer when
//! they write again; and every slot that was used for them is still counted, because the promises to WhatsApp and to the
//! other guests do not end with one of them. What stays of them is a contact without a number, messages without a text, and
//! the proof that they had written first, without what they wrote; and a seal, by which a number that is put on the list anew is known
//! again ([`known_again`]).

mod contact;
mod known_again;
mod looking;

use domain::{
    Timestamp,
    ids::{ContactId, GuestId, MessageId},
};

use super::{
    guests::find,
    leaving::{forget_empty, lock_left},
};
use crate::{
    Actor, CancelReason, Error, Store,
    audit::Deed,
    broadcasts::forget_searched,
    db::{Sql, Tx, args},
    facts::seats,
    locks,
    release::{self, queue_rows},
};

pub(super) use known_again::know_again;
pub use looking::Erasable;

/// What came of erasing a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// They are gone.
    Done,
    /// There is no such guest.
    Unknown,
    /// A message to them is being written or sent in this moment: nothing was changed.
    UnderWay(MessageId),
    /// Nobody knows yet whether a message reached them: it has to be decided first, by what the chat shows. Nothing was changed.
    InDoubt(MessageId),
}

// Their own contact; those that they alone had under an earlier number, and that no other household's invitation was used from; and when they
// are the last of their household, the contacts that used its invitation. Not those that another guest has.
const OWN_CONTACTS: Sql = Sql::both(
    "SELECT c.id FROM contact c
     WHERE (c.id = (SELECT g.contact_id FROM guest g WHERE g.id = $1)
            OR (c.id IN (SELECT b.contact_id FROM guest_before b WHERE b.guest_id = $1)
                AND NOT EXISTS (SELECT 1 FROM guest_before b WHERE b.contact_id = c.id AND b.guest_id <> $1)
                AND (c.household_id IS NULL OR c.household_id = (SELECT g.household_id FROM guest g WHERE g.id = $1)))
            OR c.household_id = (SELECT g.household_id FROM guest g WHERE g.id = $1
                                 AND NOT EXISTS (SELECT 1 FROM guest o WHERE o.household_id = g.household_id AND o.id <> g.id)))
       AND NOT EXISTS (SELECT 1 FROM guest o WHERE o.contact_id = c.id AND o.id <> $1)
     ORDER BY c.id",
);

const OPEN: Sql = queue_rows!(
    "WHERE q.contact_id = $1 AND q.status IN ('composing', 'sending', 'uncertain') ORDER BY q.id"
);

const PENDING: Sql = queue_rows!("WHERE q.contact_id = $1 AND q.status = 'pending' ORDER BY q.id");

const DELETE_GUEST: Sql = Sql::both("DELETE FROM guest WHERE id = $1");

impl Store {
    /// Erases a guest with all that was said, unless somebody else on the list has the same number: then only the guest
    /// goes. What waits for them is cancelled. `reason` stays in the audit log.
    pub async fn erase_guest(
        &self,
        id: GuestId,
        reason: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_all_sessions(&mut tx).await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(guest) = find(&mut tx, id).await? else {
            return Ok(Erased::Unknown);
        };
        let contacts = own_contacts(&mut tx, id).await?;
        for contact in &contacts {
            locks::lock_contact(&mut tx, *contact).await?;
            if let Some(open) = open_message(&mut tx, *contact).await? {
                return Ok(open);
            }
        }
        for contact in &contacts {
            self.forget_writer(&mut tx, *contact, now).await?;
        }
        forget_searched(&mut tx, &guest).await?;
        lock_left(&mut tx, &[guest.household_id]).await?;
        tx.execute_one(&DELETE_GUEST, args![id]).await?;
        // Its invitation goes with its seats, so that no contact stays for one.
        forget_empty(&mut tx, &[guest.household_id]).await?;
        for contact in contacts {
            self.cancel_pending(&mut tx, contact, now).await?;
            let own = guest.contact == Some(contact);
            seats::erased(&mut tx, contact, own, now).await?;
            let key = self.unknown_writers_key.as_ref();
            contact::erase(&mut tx, contact, key, now).await?;
        }
        let deed = Deed {
            action: "guest.erase",
            subject: &id.to_string(),
            detail: Some(reason),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        self.forget_erased().await;
        Ok(Erased::Done)
    }

    async fn cancel_pending(
        &self,
        tx: &mut Tx,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<(), Error> {
        for row in release::all(tx, &PENDING, args![contact]).await? {
            self.cancel_by_rule(tx, &row, CancelReason::Person, now)
                .await?;
        }
        Ok(())
    }
}

async fn own_contacts(tx: &mut Tx, guest: GuestId) -> Result<Vec<ContactId>, Error> {
    let rows = tx.all(&OWN_CONTACTS, args![guest]).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// Why the contact cannot be erased now.
async fn open_message(tx: &mut Tx, contact: ContactId) -> Result<Option<Erased>, Error> {
    use domain::message_status::MessageStatus::Uncertain;
    let open = release::first(tx, &OPEN, args![contact]).await?;
    Ok(open.map(|row| match row.status {
        Uncertain => Erased::InDoubt(row.message),
        _ => Erased::UnderWay(row.message),
    }))
}
