//! Whom messages go to, as contacts: found, or made together with what is addressed to them.
//!
//! The rule that must hold: a contact is made in the transaction that needs it. What is refused leaves nobody behind.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{Timestamp, chat_id::ChatId, ids::ContactId, phone_number::PhoneNumber};
use serde::Serialize;

use super::erasing::know_again;
use crate::{
    Error, Store,
    db::{Sql, Tx, args, one_of},
};

/// Whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A contact that is known.
    Contact(ContactId),
    /// The contact with this number, made together with the message when there is none.
    Phone(PhoneNumber),
}

impl From<ContactId> for Recipient {
    fn from(id: ContactId) -> Self {
        Self::Contact(id)
    }
}

impl From<PhoneNumber> for Recipient {
    fn from(phone: PhoneNumber) -> Self {
        Self::Phone(phone)
    }
}

/// Contacts that stay as they are until the transaction ends: nobody becomes one who wrote between the look and the insert.
#[derive(Default)]
pub(crate) struct Held {
    ids: HashSet<ContactId>,
    by_phone: HashMap<PhoneNumber, ContactId>,
}

impl Held {
    /// The recipient's contact; `None`: there is no contact with that id.
    pub(crate) fn contact(&self, recipient: &Recipient) -> Option<ContactId> {
        match recipient {
            Recipient::Contact(id) => self.ids.get(id).copied(),
            Recipient::Phone(phone) => self.by_phone.get(phone).copied(),
        }
    }

    /// Those of `phones` that no held contact has.
    fn missing<'p>(&self, phones: &BTreeSet<&'p PhoneNumber>) -> BTreeSet<&'p PhoneNumber> {
        let missing = |phone: &&&PhoneNumber| !self.by_phone.contains_key(**phone);
        phones.iter().filter(missing).copied().collect()
    }
}

/// A number as one element of [`ADD`]'s argument.
#[derive(Serialize)]
struct JsonPhone<'a> {
    id: ContactId,
    phone: &'a str,
}

// Sorted by number, so that two such calls wait for each other in the same order.
const ADD: Sql = Sql::each(
    "INSERT INTO contact (id, phone, created_at)
     SELECT value ->> 'id', value ->> 'phone', $2 FROM json_each($1) WHERE true
     ON CONFLICT (phone) DO NOTHING",
    "INSERT INTO contact (id, phone, created_at)
     SELECT n.id, n.phone, $2 FROM json_to_recordset(CAST($1 AS json)) AS n (id text, phone text)
     ON CONFLICT (phone) DO NOTHING",
);

// Against `locks::lock_contact`, whose holder makes evidence.
const HOLD: Sql = Sql::each(
    concat!(
        "SELECT id, phone FROM contact WHERE id ",
        one_of!(sqlite "$1"),
        " OR phone ",
        one_of!(sqlite "$2")
    ),
    concat!(
        "SELECT id, phone FROM contact WHERE id ",
        one_of!(postgres "$1"),
        " OR phone ",
        one_of!(postgres "$2"),
        " ORDER BY id FOR KEY SHARE"
    ),
);

const BEFORE_HOLDING: Sql = Sql::both("SAVEPOINT before_holding");

const HOLD_NO_MORE: Sql = Sql::both("ROLLBACK TO SAVEPOINT before_holding");

impl Store {
    /// Holds the contacts of `recipients`; those that are known by a number only are made where there are none.
    ///
    /// Whoever has one of the numbers is known from now on, also by what they wrote before.
    ///
    /// Contacts are held before any is made: whoever holds one of them and needs a number that is being made here would
    /// otherwise wait for us, and we for them.
    pub(crate) async fn hold_recipients(
        &self,
        tx: &mut Tx,
        recipients: &[&Recipient],
        now: Timestamp,
    ) -> Result<Held, Error> {
        let (mut ids, mut phones) = (BTreeSet::new(), BTreeSet::new());
        for recipient in recipients {
            match recipient {
                Recipient::Contact(id) => _ = ids.insert(*id),
                Recipient::Phone(phone) => _ = phones.insert(phone),
            }
        }
        let numbers: Vec<_> = phones.iter().copied().map(by_number).collect();
        let mut held = Held::default();
        tx.execute(&BEFORE_HOLDING, Vec::new()).await?;
        hold(tx, &mut held, &ids, &phones).await?;
        let mut missing = held.missing(&phones);
        if !missing.is_empty() {
            let erased = self.erased_with(tx, &missing).await?;
            if !erased.is_empty() {
                // PostgreSQL keeps the lock of a contact that was erased while this call waited for it. Two calls that hold such a lock
                // would block each other, so the locks are dropped and taken again.
                tx.execute(&HOLD_NO_MORE, Vec::new()).await?;
                held = Held::default();
                hold(tx, &mut held, &ids, &phones).await?;
                missing = held.missing(&phones);
                know_again(tx, &erased).await?;
            }
            self.add_contacts(tx, &missing, now).await?;
            hold(tx, &mut held, &BTreeSet::new(), &missing).await?;
        }
        self.no_longer_unknown(tx, &numbers.iter().collect::<Vec<_>>(), now)
            .await?;
        Ok(held)
    }

    /// The contact with that number, made when there is none, in the caller's transaction.
    pub(crate) async fn contact_of(
        &self,
        tx: &mut Tx,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<ContactId, Error> {
        let recipient = Recipient::Phone(phone.clone());
        self.hold_recipients(tx, &[&recipient], now)
            .await?
            .contact(&recipient)
            .ok_or(Error::UnexpectedRows { touched: 0 })
    }

    async fn add_contacts(
        &self,
        tx: &mut Tx,
        phones: &BTreeSet<&PhoneNumber>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let rows: Vec<_> = phones
            .iter()
            .map(|phone| JsonPhone {
                id: self.ids.contact(now),
                phone: phone.digits(),
            })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        tx.execute(&ADD, args![rows, now]).await?;
        Ok(())
    }
}

fn by_number(phone: &PhoneNumber) -> ChatId {
    ChatId::Phone(phone.digits().to_owned())
}

async fn hold(
    tx: &mut Tx,
    held: &mut Held,
    ids: &BTreeSet<ContactId>,
    phones: &BTreeSet<&PhoneNumber>,
) -> Result<(), Error> {
    let ids = serde_json::to_string(ids)?;
    let digits: Vec<_> = phones.iter().map(|phone| phone.digits()).collect();
    let digits = serde_json::to_string(&digits)?;
    for row in tx.all(&HOLD, args![ids, digits]).await? {
        let id = row.parsed("id")?;
        held.ids.insert(id);
        if let Some(phone) = row.opt_made("phone")? {
            held.by_phone.insert(phone, id);
        }
    }
    Ok(())
}
