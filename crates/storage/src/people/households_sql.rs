//! The statements of making households, and the shapes of the one JSON argument that brings thousands of rows to them.

use domain::{
    ids::{HouseholdId, InvitationId},
    invitation::InvitationToken,
};
use serde::Serialize;

use crate::db::{Sql, one_of};

/// A household as one element of [`ADD`]'s argument.
#[derive(Serialize)]
pub(super) struct JsonHousehold<'a> {
    pub(super) id: HouseholdId,
    pub(super) name: Option<&'a str>,
    pub(super) folded: Option<&'a str>,
}

/// An invitation as one element of [`INVITE`]'s argument.
#[derive(Serialize)]
pub(super) struct JsonInvitation {
    pub(super) id: InvitationId,
    pub(super) household: HouseholdId,
    pub(super) token: InvitationToken,
}

pub(super) const BY_NAMES: Sql = Sql::each(
    concat!(
        "SELECT id, name_folded FROM household WHERE name_folded ",
        one_of!(sqlite "$1")
    ),
    concat!(
        "SELECT id, name_folded FROM household WHERE name_folded ",
        one_of!(postgres "$1")
    ),
);

pub(super) const ADD: Sql = Sql::each(
    "INSERT INTO household (id, name, name_folded, created_at)
     SELECT value ->> 'id', value ->> 'name', value ->> 'folded', $2 FROM json_each($1) WHERE true
     ON CONFLICT (name_folded) DO NOTHING RETURNING id",
    "INSERT INTO household (id, name, name_folded, created_at)
     SELECT n.id, n.name, n.folded, $2
     FROM json_to_recordset(CAST($1 AS json)) AS n (id text, name text, folded text)
     ON CONFLICT (name_folded) DO NOTHING RETURNING id",
);

pub(super) const INVITE: Sql = Sql::each(
    "INSERT INTO invitation (id, household_id, token, created_at, valid_until)
     SELECT value ->> 'id', value ->> 'household', value ->> 'token', $2, $3 FROM json_each($1)",
    "INSERT INTO invitation (id, household_id, token, created_at, valid_until)
     SELECT n.id, n.household, n.token, $2, $3
     FROM json_to_recordset(CAST($1 AS json)) AS n (id text, household text, token text)",
);

pub(super) const UNINVITED: Sql = Sql::both(
    "SELECT h.id FROM household h WHERE NOT EXISTS (SELECT 1 FROM invitation i WHERE i.household_id = h.id)",
);

pub(super) const WEDDING: Sql = Sql::both("SELECT wedding_date FROM global_config WHERE id = 1");
