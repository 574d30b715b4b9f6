//! The guest list.

use domain::{
    Timestamp,
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};

use crate::{
    Actor, Added, Cursor, Error, Idempotency, Page, Store,
    added::added_before,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks,
    search_text::{contains, contains_digits, folded},
};

/// A guest to put on the list.
#[derive(Debug, Clone)]
pub struct NewGuest {
    /// Its id, from the caller.
    pub id: GuestId,
    /// The name.
    pub name: String,
    /// Whose guest: the session of that spouse.
    pub side: Option<SessionName>,
    /// The language to write in.
    pub language: Option<Language>,
    /// With whom they are invited, by name; the household is made when there is none. Without a name the guest is one alone.
    pub household: Option<String>,
    /// The number; several guests may share one.
    pub phone: Option<PhoneNumber>,
}

/// A guest on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestRow {
    /// Its id.
    pub id: GuestId,
    /// The name.
    pub name: String,
    /// Whose guest.
    pub side: Option<SessionName>,
    /// The language to write in.
    pub language: Option<Language>,
    /// With whom they are invited.
    pub household_id: HouseholdId,
    /// The household's name, when it has one.
    pub household: Option<String>,
    /// The WhatsApp identity, when known.
    pub contact: Option<ContactId>,
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// When the guest was put on the list.
    pub created_at: Timestamp,
}

const ADD: Sql = Sql::both(
    "INSERT INTO guest (id, name, name_folded, side, language, household_id, contact_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

/// A query for guests with their numbers, continued by the given text.
macro_rules! guest_query {
    ($rest:literal) => {
        Sql::both(concat!(
            "SELECT g.id, g.name, g.side, g.language, g.household_id, h.name AS household, g.contact_id, g.created_at, c.phone
             FROM guest g
             JOIN household h ON h.id = g.household_id
             LEFT JOIN contact c ON c.id = g.contact_id ",
            $rest
        ))
    };
}

const ONE: Sql = guest_query!("WHERE g.id = $1");

const PAGE: Sql = guest_query!(
    "WHERE g.id < $1
       AND ($2 IS NULL OR g.name_folded LIKE $2 ESCAPE '\\' OR h.name_folded LIKE $2 ESCAPE '\\'
            OR ($3 IS NOT NULL AND c.phone LIKE $3))
     ORDER BY g.id DESC LIMIT $4"
);

const OF_HOUSEHOLD: Sql = guest_query!("WHERE g.household_id = $1 ORDER BY g.id");

impl Store {
    /// Puts a guest on the list, tied to the contact with its number, which is made when there is none. With the key of an earlier
    /// call nothing is added.
    pub async fn put_on_list(
        &self,
        guest: &NewGuest,
        actor: &Actor,
        idempotency: Option<&Idempotency>,
        now: Timestamp,
    ) -> Result<Added<GuestId>, Error> {
        let mut tx = self.db.write().await?;
        if let Some(added) = added_before(&mut tx, idempotency, guest.id, now).await? {
            return Ok(added);
        }
        locks::lock_guest_list(&mut tx).await?;
        let contact = self
            .contact_with(&mut tx, guest.phone.as_ref(), now)
            .await?;
        let household = self
            .household_of(&mut tx, guest.household.as_deref(), now)
            .await?;
        let args = args![
            guest.id,
            &guest.name,
            folded(&guest.name),
            guest.side.as_ref(),
            guest.language,
            household,
            contact,
            now
        ];
        tx.execute_one(&ADD, args).await?;
        let deed = Deed {
            action: "guest.add",
            subject: &guest.id.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(Added::New(guest.id))
    }

    /// A page of guests, newest first; `search` looks into names of guests and households, whatever the
    /// case, and into numbers.
    pub async fn guests(
        &self,
        search: Option<&str>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<GuestRow>, Error> {
        let args = args![
            Cursor::before(after),
            search.map(contains),
            search.and_then(contains_digits),
            Page::<GuestRow>::fetch(limit)
        ];
        let mut tx = self.db.read().await?;
        let rows = tx.all(&PAGE, args).await?;
        let items = rows.iter().map(guest_row).collect::<Result<_, _>>()?;
        Ok(Page::of(items, limit, |row: &GuestRow| row.id.as_uuid()))
    }

    /// One guest.
    pub async fn guest(&self, id: GuestId) -> Result<Option<GuestRow>, Error> {
        find(&mut self.db.read().await?, id).await
    }
}

/// One guest, in the caller's transaction.
pub(super) async fn find(tx: &mut Tx, id: GuestId) -> Result<Option<GuestRow>, Error> {
    let row = tx.first(&ONE, args![id]).await?;
    row.as_ref().map(guest_row).transpose()
}

/// The guests of a household, the one who was put on the list first before the others.
pub(super) async fn of_household(tx: &mut Tx, id: HouseholdId) -> Result<Vec<GuestRow>, Error> {
    let rows = tx.all(&OF_HOUSEHOLD, args![id]).await?;
    rows.iter().map(guest_row).collect()
}

fn guest_row(row: &Row) -> Result<GuestRow, Error> {
    Ok(GuestRow {
        id: row.parsed("id")?,
        name: row.text("name")?,
        side: row.opt_parsed("side")?,
        language: row.opt_parsed("language")?,
        household_id: row.parsed("household_id")?,
        household: row.opt_text("household")?,
        contact: row.opt_parsed("contact_id")?,
        phone: row.opt_made("phone")?,
        created_at: row.time("created_at")?,
    })
}
