//! Households as people look at them: listed, read, made by name and renamed.
//!
//! The rule that must hold: of a name there is one household, in capitals or not.

use domain::{
    Timestamp,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
};

use super::{
    guests::{self, GuestRow},
    household_phones::{HouseholdPhone, free_seats, may_be},
    households::key,
};
use crate::{
    Actor, Added, Cursor, Error, Idempotency, Page, Store,
    added::added_before,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    locks,
    search_text::{contains, contains_digits},
};

/// A household as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Its id.
    pub id: HouseholdId,
    /// Its name; none: somebody who is invited alone.
    pub name: Option<String>,
    /// Its guests, by name.
    pub guests: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A household with everybody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdPeople {
    /// Its id.
    pub id: HouseholdId,
    /// Its name; none: somebody who is invited alone.
    pub name: Option<String>,
    /// Its guests.
    pub guests: Vec<GuestRow>,
    /// Who wrote with its invitation.
    pub contacts: Vec<TiedContact>,
    /// How many more phones its code may bring in.
    pub free_seats: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A contact that an invitation tied to a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedContact {
    /// The contact.
    pub id: ContactId,
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// When it wrote a code of the household; `None`: a person tied it.
    pub came_in_at: Option<Timestamp>,
    /// That code is the one in force.
    pub by_code_in_force: bool,
    /// The name that it showed then.
    pub push_name: Option<String>,
    /// The guests whose it may be, but for those whose it is.
    pub may_be: Vec<GuestId>,
}

/// What came of naming a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HouseholdNaming {
    /// It has that name now.
    Done(HouseholdId),
    /// Another one has that name: nothing was changed.
    Taken(HouseholdId),
    /// There is no such household.
    Unknown,
}

/// `household_query!(…)`: a query for [`HouseholdRow`]s, continued by the given text.
macro_rules! household_query {
    (names $names:literal, $rest:literal) => {
        concat!(
            "SELECT h.id, h.name, h.created_at,
                    (SELECT ", $names, " FROM guest g WHERE g.household_id = h.id) AS guest_names
             FROM household h ",
            $rest
        )
    };
    ($rest:literal) => {
        Sql::each(
            household_query!(names "json_group_array(g.name)", $rest),
            household_query!(names "CAST(COALESCE(json_agg(g.name), '[]') AS text)", $rest),
        )
    };
}

const ONE: Sql = household_query!("WHERE h.id = $1");

const PAGE: Sql = household_query!(
    "WHERE h.id < $1
       AND ($2 IS NULL OR h.name_folded LIKE $2 ESCAPE '\\'
            OR EXISTS (SELECT 1 FROM guest g LEFT JOIN contact c ON c.id = g.contact_id
                       WHERE g.household_id = h.id
                         AND (g.name_folded LIKE $2 ESCAPE '\\' OR ($3 IS NOT NULL AND c.phone LIKE $3))))
     ORDER BY h.id DESC LIMIT $4"
);

// With several codes the newest counts.
const TIED: Sql = Sql::both(
    "SELECT c.id, c.phone, p.tied_at, p.push_name, i.id AS invitation_id, i.revoked_at
     FROM contact c
     LEFT JOIN invitation i ON i.id =
         (SELECT max(j.id) FROM invitation j
          JOIN invitation_phone r ON r.invitation_id = j.id AND r.contact_id = c.id AND r.refused_at IS NULL
          WHERE j.household_id = $1)
     LEFT JOIN invitation_phone p ON p.invitation_id = i.id AND p.contact_id = c.id
     WHERE c.household_id = $1 ORDER BY c.id",
);

const BY_NAME: Sql = Sql::both("SELECT id FROM household WHERE name_folded = $1");

const RENAME: Sql = Sql::both("UPDATE household SET name = $2, name_folded = $3 WHERE id = $1");

impl Store {
    /// A page of households, newest first; `search` looks into their names, and into the names and numbers of their guests.
    pub async fn households(
        &self,
        search: Option<&str>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<HouseholdRow>, Error> {
        let args = args![
            Cursor::before(after),
            search.map(contains),
            search.and_then(contains_digits),
            Page::<HouseholdRow>::fetch(limit)
        ];
        let mut tx = self.db.read().await?;
        let rows = tx.all(&PAGE, args).await?;
        let items = rows.iter().map(household_row).collect::<Result<_, _>>()?;
        Ok(Page::of(items, limit, |row: &HouseholdRow| {
            row.id.as_uuid()
        }))
    }

    /// One household, with everybody in it.
    pub async fn household(&self, id: HouseholdId) -> Result<Option<HouseholdPeople>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = find(&mut tx, id).await? else {
            return Ok(None);
        };
        let mut contacts = Vec::new();
        for row in tx.all(&TIED, args![id]).await? {
            contacts.push(tied_contact(&mut tx, &row, id).await?);
        }
        Ok(Some(HouseholdPeople {
            id,
            name: row.name,
            guests: guests::of_household(&mut tx, id).await?,
            contacts,
            free_seats: free_seats(&mut tx, id).await?,
            created_at: row.created_at,
        }))
    }

    /// Makes a household with that name and an invitation, without guests so far; or which one has that name already. With the key
    /// of an earlier call nothing is made.
    pub async fn put_household_on_list(
        &self,
        name: &str,
        actor: &Actor,
        idempotency: Option<&Idempotency>,
        now: Timestamp,
    ) -> Result<Result<Added<HouseholdId>, HouseholdId>, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(other) = named(&mut tx, name).await? else {
            let id = self.household_named(&mut tx, name, now).await?;
            if let Some(added) = added_before(&mut tx, idempotency, id, now).await? {
                // the one that was just made goes with this transaction
                return Ok(Ok(added));
            }
            let deed = Deed {
                action: "household.add",
                subject: &id.to_string(),
                detail: None,
            };
            self.write_audit(&mut tx, actor, deed, now).await?;
            tx.commit().await?;
            return Ok(Ok(Added::New(id)));
        };
        // it may be this very call's, made before
        let before = added_before(&mut tx, idempotency, other, now).await?;
        Ok(before.ok_or(other))
    }

    /// Gives a household another name, or the first one.
    pub async fn rename_household(
        &self,
        id: HouseholdId,
        name: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<HouseholdNaming, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(before) = find(&mut tx, id).await? else {
            return Ok(HouseholdNaming::Unknown);
        };
        if let Some(other) = named(&mut tx, name).await?.filter(|other| *other != id) {
            return Ok(HouseholdNaming::Taken(other));
        }
        let name = name.trim();
        if before.name.as_deref() == Some(name) {
            return Ok(HouseholdNaming::Done(id));
        }
        tx.execute_one(&RENAME, args![id, name, key(name)]).await?;
        let deed = Deed {
            action: "household.rename",
            subject: &id.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(HouseholdNaming::Done(id))
    }
}

async fn find(tx: &mut Tx, id: HouseholdId) -> Result<Option<HouseholdRow>, Error> {
    let row = tx.first(&ONE, args![id]).await?;
    row.as_ref().map(household_row).transpose()
}

/// The household that has that name.
async fn named(tx: &mut Tx, name: &str) -> Result<Option<HouseholdId>, Error> {
    let row = tx.first(&BY_NAME, args![key(name)]).await?;
    row.map(|row| row.parsed("id")).transpose()
}

fn household_row(row: &Row) -> Result<HouseholdRow, Error> {
    let mut guests: Vec<String> = serde_json::from_str(&row.text("guest_names")?)?;
    guests.sort_unstable();
    Ok(HouseholdRow {
        id: row.parsed("id")?,
        name: row.opt_text("name")?,
        guests,
        created_at: row.time("created_at")?,
    })
}

async fn tied_contact(
    tx: &mut Tx,
    row: &Row,
    household: HouseholdId,
) -> Result<TiedContact, Error> {
    let contact = row.parsed("id")?;
    let phone = HouseholdPhone { contact, household };
    Ok(TiedContact {
        id: contact,
        may_be: may_be(tx, &phone).await?,
        phone: row.opt_made("phone")?,
        came_in_at: row.opt_time("tied_at")?,
        by_code_in_force: row.opt_text("invitation_id")?.is_some()
            && row.opt_time("revoked_at")?.is_none(),
        push_name: row.opt_text("push_name")?,
    })
}
