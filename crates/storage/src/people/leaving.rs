//! Leaving the list: guests and households that are taken off it, and households that the last of their guests has left.
//!
//! The rules that must hold: what was said stays, with its contact. Of a household that goes, nothing is left that points
//! to it: its invitations go, and whoever was tied or suggested to it no longer is.

use domain::{
    Timestamp,
    ids::{GuestId, HouseholdId},
};

use super::households::{ROWS, json};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args, one_of},
    locks,
};

/// `of_households!("… WHERE id", "…")`: a statement about the households that `$1` lists.
macro_rules! of_households {
    ($before:literal, $after:literal) => {
        of_households!($before, $after, $after)
    };
    ($before:literal, $sqlite:literal, $postgres:literal) => {
        Sql::each(
            concat!($before, " ", one_of!(sqlite "$1"), " ", $sqlite),
            concat!($before, " ", one_of!(postgres "$1"), " ", $postgres),
        )
    };
}

/// `locking!("… WHERE id")`: a query that locks what it finds, by id.
macro_rules! locking {
    ($query:literal) => {
        of_households!($query, "", "ORDER BY id FOR UPDATE")
    };
}

// In the order of `locks`. Who holds one of them without the guest list (a guest who writes, an unknown writer who is kept) is
// waited for.
const LOCK: [Sql; 4] = [
    of_households!(
        "SELECT id FROM contact WHERE household_id",
        "",
        "ORDER BY id FOR NO KEY UPDATE"
    ),
    of_households!(
        "SELECT id FROM unknown_writer WHERE suggested_household_id",
        "",
        "ORDER BY session, id FOR UPDATE"
    ),
    locking!("SELECT id FROM household WHERE id"),
    locking!("SELECT id FROM invitation WHERE household_id"),
];

const EMPTY: Sql = of_households!(
    "SELECT h.id FROM household h WHERE h.id",
    "AND NOT EXISTS (SELECT 1 FROM guest g WHERE g.household_id = h.id)"
);

const FORGET: [Sql; 4] = [
    of_households!(
        "UPDATE contact SET household_id = NULL, assigned_at = NULL WHERE household_id",
        ""
    ),
    of_households!(
        "UPDATE unknown_writer SET suggested_household_id = NULL WHERE suggested_household_id",
        ""
    ),
    of_households!("DELETE FROM invitation WHERE household_id", ""),
    of_households!("DELETE FROM household WHERE id", ""),
];

const HOUSEHOLD_OF: Sql = Sql::both("SELECT household_id FROM guest WHERE id = $1");

const DELETE_GUEST: Sql = Sql::both("DELETE FROM guest WHERE id = $1");

const DELETE_GUESTS_OF: Sql = Sql::both("DELETE FROM guest WHERE household_id = $1");

impl Store {
    /// Takes a guest off the list; the contact and what was said stay. A household that they were the last of goes too.
    /// Whether there was such a guest.
    pub async fn delete_guest(
        &self,
        id: GuestId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        let Some(row) = tx.first(&HOUSEHOLD_OF, args![id]).await? else {
            return Ok(false);
        };
        let household: HouseholdId = row.parsed("household_id")?;
        lock_left(&mut tx, &[household]).await?;
        tx.execute_one(&DELETE_GUEST, args![id]).await?;
        let gone = forget_empty(&mut tx, &[household]).await?;
        let with_household = format!("with household {household}, which has no other guest");
        let deed = Deed {
            action: "guest.delete",
            subject: &id.to_string(),
            detail: (!gone.is_empty()).then_some(with_household.as_str()),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a household off the list, with its guests. Whether there was one.
    pub async fn delete_household(
        &self,
        id: HouseholdId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_guest_list(&mut tx).await?;
        lock_left(&mut tx, &[id]).await?;
        let guests = tx.execute(&DELETE_GUESTS_OF, args![id]).await?;
        if forget_empty(&mut tx, &[id]).await?.is_empty() {
            return Ok(false);
        }
        let deed = Deed {
            action: "household.delete",
            subject: &id.to_string(),
            detail: Some(&format!("guests: {guests}")),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Locks households that may be left by their last guest, and all that points to them. Before any guest is touched: whoever
/// makes two contacts one holds them first and the guests afterwards, too.
pub(super) async fn lock_left(tx: &mut Tx, households: &[HouseholdId]) -> Result<(), Error> {
    for sql in &LOCK {
        for some in households.chunks(ROWS) {
            tx.all(sql, args![json(some)?]).await?;
        }
    }
    Ok(())
}

/// Deletes those of the households that have no guest, which the caller has locked; which these are.
pub(super) async fn forget_empty(
    tx: &mut Tx,
    households: &[HouseholdId],
) -> Result<Vec<HouseholdId>, Error> {
    let mut gone = Vec::new();
    for some in households.chunks(ROWS) {
        let empty = tx.all(&EMPTY, args![json(some)?]).await?;
        let empty = empty.iter().map(|row| row.parsed("id"));
        let empty = empty.collect::<Result<Vec<HouseholdId>, _>>()?;
        if empty.is_empty() {
            continue;
        }
        for sql in &FORGET {
            tx.execute(sql, args![json(&empty)?]).await?;
        }
        gone.extend(empty);
    }
    Ok(gone)
}
