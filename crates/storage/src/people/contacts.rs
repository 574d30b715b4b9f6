//! Contacts: one WhatsApp identity each, found by phone number. LIDs are folded in where facts are recorded.

use std::collections::{BTreeSet, HashMap};

use domain::{Timestamp, ids::ContactId, phone_number::PhoneNumber, session::SessionName};
use serde::Serialize;

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
};

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Its id.
    pub id: ContactId,
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// Its hidden ids, as digits.
    pub lids: Vec<String>,
    /// When it asked for no more messages.
    pub opted_out_at: Option<Timestamp>,
    /// The guests who share it, by name.
    pub guests: Vec<String>,
    /// What passed on each session.
    pub sessions: Vec<ContactSessionRow>,
}

/// What passed between a contact and a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactSessionRow {
    /// The session.
    pub session: SessionName,
    /// When the contact last wrote.
    pub last_in_at: Option<Timestamp>,
    /// When the queue last sent something.
    pub last_out_at: Option<Timestamp>,
    /// How many were sent since the contact wrote.
    pub unanswered: u32,
}

/// A number as one element of the statement's JSON argument.
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

const FIND: Sql = Sql::each(
    "SELECT id, phone FROM contact WHERE phone IN (SELECT value ->> 'phone' FROM json_each($1))",
    "SELECT id, phone FROM contact
     WHERE phone IN (SELECT n.phone FROM json_to_recordset(CAST($1 AS json)) AS n (phone text))",
);

impl Store {
    /// The contact with that number, made when there is none.
    pub async fn contact_by_phone(
        &self,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<ContactId, Error> {
        let mut tx = self.db.write().await?;
        let id = self.contact_of(&mut tx, phone, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The contacts with those numbers, made where there are none, in one transaction.
    pub async fn contacts_by_phone(
        &self,
        phones: &[PhoneNumber],
        now: Timestamp,
    ) -> Result<HashMap<PhoneNumber, ContactId>, Error> {
        let mut tx = self.db.write().await?;
        let found = self.contacts_of(&mut tx, phones, now).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// The contact with that number, made when there is none, in the caller's transaction.
    pub(crate) async fn contact_of(
        &self,
        tx: &mut Tx,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<ContactId, Error> {
        let mut found = self
            .contacts_of(tx, std::slice::from_ref(phone), now)
            .await?;
        found
            .remove(phone)
            .ok_or(Error::UnexpectedRows { touched: 0 })
    }

    async fn contacts_of(
        &self,
        tx: &mut Tx,
        phones: &[PhoneNumber],
        now: Timestamp,
    ) -> Result<HashMap<PhoneNumber, ContactId>, Error> {
        let distinct: BTreeSet<_> = phones.iter().collect();
        let rows: Vec<_> = distinct
            .into_iter()
            .map(|phone| JsonPhone {
                id: self.ids.contact(now),
                phone: phone.digits(),
            })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        tx.execute(&ADD, args![&rows, now]).await?;
        let found = tx.all(&FIND, args![rows]).await?;
        let pair = |row: &Row| Ok((row.made("phone")?, row.parsed("id")?));
        found.iter().map(pair).collect()
    }
}

const CONTACT: Sql = Sql::both("SELECT id, phone, opted_out_at FROM contact WHERE id = $1");
const LIDS: Sql = Sql::both("SELECT lid FROM contact_lid WHERE contact_id = $1");
const GUESTS: Sql = Sql::both("SELECT name FROM guest WHERE contact_id = $1");
const SESSIONS: Sql = Sql::both(
    "SELECT session, last_in_at, last_out_at, unanswered FROM contact_session WHERE contact_id = $1",
);

impl Store {
    /// One contact.
    pub async fn contact(&self, id: ContactId) -> Result<Option<ContactRow>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&CONTACT, args![id]).await? else {
            return Ok(None);
        };
        let sessions = tx.all(&SESSIONS, args![id]).await?;
        let mut sessions = sessions
            .iter()
            .map(contact_session)
            .collect::<Result<Vec<_>, _>>()?;
        sessions.sort_unstable_by(|a, b| a.session.cmp(&b.session));
        Ok(Some(ContactRow {
            id: row.parsed("id")?,
            phone: row.opt_made("phone")?,
            lids: texts(&mut tx, &LIDS, "lid", id).await?,
            opted_out_at: row.opt_time("opted_out_at")?,
            guests: texts(&mut tx, &GUESTS, "name", id).await?,
            sessions,
        }))
    }
}

/// One text of each row that belongs to the contact, sorted here: the databases' own orders differ.
async fn texts(
    tx: &mut Tx,
    sql: &Sql,
    column: &'static str,
    contact: ContactId,
) -> Result<Vec<String>, Error> {
    let rows = tx.all(sql, args![contact]).await?;
    let mut texts: Vec<_> = rows
        .iter()
        .map(|row| row.text(column))
        .collect::<Result<_, _>>()?;
    texts.sort_unstable();
    Ok(texts)
}

fn contact_session(row: &Row) -> Result<ContactSessionRow, Error> {
    Ok(ContactSessionRow {
        session: row.parsed("session")?,
        last_in_at: row.opt_time("last_in_at")?,
        last_out_at: row.opt_time("last_out_at")?,
        unanswered: row.count("unanswered")?,
    })
}
