//! What led to a guest before the guest was changed: the contacts and names that erasing the guest takes, too.
//!
//! The rule that must hold: it is kept in the transaction that changes the guest, by an edit as by an import.

use domain::ids::{ContactId, GuestId, HouseholdId};
use serde::Serialize;

use super::households::{ROWS, json};
use crate::{
    Error,
    db::{Sql, Tx, args},
};

/// A contact or a name that a guest had: one of the two, not both.
#[derive(Serialize)]
pub(super) struct Had<'a> {
    pub(super) guest: GuestId,
    pub(super) contact: Option<ContactId>,
    pub(super) name: Option<&'a str>,
}

/// A guest who went from a household to another.
#[derive(Serialize)]
pub(super) struct Moved {
    pub(super) guest: GuestId,
    pub(super) from: HouseholdId,
}

const KEEP: Sql = Sql::each(
    "INSERT INTO guest_before (guest_id, contact_id, name)
     SELECT value ->> 'guest', value ->> 'contact', value ->> 'name' FROM json_each($1)",
    "INSERT INTO guest_before (guest_id, contact_id, name)
     SELECT h.guest, h.contact, h.name FROM json_to_recordset(CAST($1 AS json)) AS h (guest text, contact text, name text)",
);

/// `second_phones!("…")`: those that used the invitation of a household whose last guest has moved, and that are no guest's own.
macro_rules! second_phones {
    ($moved:literal) => {
        concat!(
            "INSERT INTO guest_before (guest_id, contact_id)
             SELECT m.guest, c.id FROM ", $moved, " JOIN contact c ON c.household_id = m.household
             WHERE NOT EXISTS (SELECT 1 FROM guest g WHERE g.household_id = m.household OR g.contact_id = c.id)"
        )
    };
}

const KEEP_SECOND_PHONES: Sql = Sql::each(
    second_phones!(
        "(SELECT value ->> 'guest' AS guest, value ->> 'from' AS household FROM json_each($1)) AS m"
    ),
    second_phones!(
        "(SELECT r.guest, r.\"from\" AS household
          FROM json_to_recordset(CAST($1 AS json)) AS r (guest text, \"from\" text)) AS m"
    ),
);

/// Keeps what guests had. A contact is taken by it, so this comes before households are.
pub(super) async fn keep(tx: &mut Tx, had: &[Had<'_>]) -> Result<(), Error> {
    for some in had.chunks(ROWS) {
        tx.execute(&KEEP, args![json(some)?]).await?;
    }
    Ok(())
}

/// Keeps the second phones of households that `moved` have left as the last. After the guests were changed, and while the households
/// with all that points to them are locked.
pub(super) async fn keep_second_phones(tx: &mut Tx, moved: &[Moved]) -> Result<(), Error> {
    for some in moved.chunks(ROWS) {
        tx.execute(&KEEP_SECOND_PHONES, args![json(some)?]).await?;
    }
    Ok(())
}
