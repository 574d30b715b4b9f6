//! Knowing somebody again who was erased, when their number is put on the list anew: what was sent to them is still counted, they get no
//! news twice, and their wish for no messages holds.
//!
//! The rule that must hold: the database alone leads to nobody. What stays of a number is a seal, whose key is not in it; and
//! the seal goes when nothing is left that it is kept for.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use domain::{Timestamp, ids::ContactId, phone_number::PhoneNumber};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

/// Longer than anything is counted for, but for news that has not passed its last moment.
const KEPT: TimeDelta = TimeDelta::days(30);

// The newest last: it is the one that counts.
const SEALED: Sql = Sql::both(
    "SELECT id, erased_seal FROM contact WHERE erased_seal IS NOT NULL ORDER BY erased_at, id",
);

const KNOW: Sql = Sql::both(
    "UPDATE contact SET phone = $2, erased_seal = NULL, erased_at = NULL
     WHERE id = $1 AND phone IS NULL AND NOT EXISTS (SELECT 1 FROM contact o WHERE o.phone = $2)",
);

const FORGET: Sql = Sql::both(
    "UPDATE contact SET erased_seal = NULL
     WHERE erased_seal IS NOT NULL AND erased_at <= $1 AND opted_out_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM whatsapp_message_queue q JOIN broadcast b ON b.id = q.broadcast_id
                       WHERE q.contact_id = contact.id AND b.not_after > $2)",
);

impl Store {
    /// Those of `phones` who were erased, each with the contact that it was.
    pub(in crate::people) async fn erased_with<'p>(
        &self,
        tx: &mut Tx,
        phones: &BTreeSet<&'p PhoneNumber>,
    ) -> Result<Vec<(ContactId, &'p PhoneNumber)>, Error> {
        let Some(key) = &self.unknown_writers_key else {
            return Ok(Vec::new());
        };
        let mut erased: HashMap<String, ContactId> = HashMap::new();
        for row in tx.all(&SEALED, Vec::new()).await? {
            erased.insert(row.text("erased_seal")?, row.parsed("id")?);
        }
        if erased.is_empty() {
            return Ok(Vec::new());
        }
        let with_phone =
            |phone: &&'p PhoneNumber| Some((*erased.get(&key.seal_number(phone))?, *phone));
        Ok(phones.iter().filter_map(with_phone).collect())
    }

    /// Forgets the seals of numbers that were erased 30 days ago, unless news that they have may still reach others, or they had asked for
    /// no messages.
    pub async fn forget_erased_numbers(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.read().await?;
        if tx.first(&SEALED, Vec::new()).await?.is_none() {
            return Ok(());
        }
        tx.commit().await?;
        let mut tx = self.db.write().await?;
        tx.execute(&FORGET, args![now - KEPT, now]).await?;
        tx.commit().await
    }
}

/// Gives erased contacts their numbers back, so that they are found by them.
pub(in crate::people) async fn know_again(
    tx: &mut Tx,
    erased: &[(ContactId, &PhoneNumber)],
) -> Result<(), Error> {
    for (contact, phone) in erased {
        tx.execute(&KNOW, args![*contact, *phone]).await?;
    }
    Ok(())
}
