//! The statements of an import, and the shapes of the one JSON argument that brings thousands of rows to them.

use domain::{
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    session::SessionName,
};
use serde::Serialize;

use crate::db::Sql;

/// A new guest as one element of [`ADD`]'s argument.
#[derive(Serialize)]
pub(super) struct JsonGuest<'a> {
    pub(super) id: GuestId,
    pub(super) name: &'a str,
    pub(super) folded: &'a str,
    pub(super) side: Option<&'a SessionName>,
    pub(super) language: Option<Language>,
    pub(super) household: HouseholdId,
    pub(super) contact: Option<ContactId>,
}

/// What changes of a guest, as one element of [`CHANGE`]'s argument; what is null stays.
#[derive(Serialize)]
pub(super) struct JsonChange<'a> {
    pub(super) id: GuestId,
    pub(super) side: Option<&'a SessionName>,
    pub(super) language: Option<Language>,
    pub(super) household: Option<HouseholdId>,
    pub(super) contact: Option<ContactId>,
}

pub(super) const ADD: Sql = Sql::each(
    "INSERT INTO guest (id, name, name_folded, side, language, household_id, contact_id, created_at)
     SELECT value ->> 'id', value ->> 'name', value ->> 'folded', value ->> 'side', value ->> 'language',
            value ->> 'household', value ->> 'contact', $2
     FROM json_each($1)",
    "INSERT INTO guest (id, name, name_folded, side, language, household_id, contact_id, created_at)
     SELECT n.id, n.name, n.folded, n.side, n.language, n.household, n.contact, $2
     FROM json_to_recordset(CAST($1 AS json)) AS n
         (id text, name text, folded text, side text, language text, household text, contact text)",
);

/// $1 the rows, $2 how many. Without that number PostgreSQL expects a hundred, and reads the whole of `guest` for one.
macro_rules! change {
    ($rows:literal) => {
        concat!(
            "UPDATE guest
             SET side = COALESCE(n.side, guest.side), language = COALESCE(n.language, guest.language),
                 household_id = COALESCE(n.household, guest.household_id),
                 contact_id = COALESCE(n.contact, guest.contact_id)
             FROM ", $rows, " WHERE guest.id = n.id"
        )
    };
}

pub(super) const CHANGE: Sql = Sql::each(
    change!(
        "(SELECT value ->> 'id' AS id, value ->> 'side' AS side, value ->> 'language' AS language,
                 value ->> 'household' AS household, value ->> 'contact' AS contact
          FROM json_each($1) LIMIT $2) AS n"
    ),
    change!(
        "(SELECT * FROM json_to_recordset(CAST($1 AS json)) AS r
             (id text, side text, language text, household text, contact text) LIMIT $2) AS n"
    ),
);
