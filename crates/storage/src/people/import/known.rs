//! The guests on the list that lines of a file may mean: those whose names stand in it, not the whole list.

use std::collections::BTreeSet;

use domain::{
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};

use super::Entry;
use crate::{
    Error,
    db::{Row, Sql, Tx, args, one_of},
    people::households::{ROWS, json},
};

/// A guest on the list, with texts as they are compared.
pub(super) struct Known {
    pub(super) id: GuestId,
    pub(super) name: String,
    /// Also one without a number.
    pub(super) contact: Option<ContactId>,
    pub(super) phone: Option<PhoneNumber>,
    pub(super) household_id: HouseholdId,
    /// `None`: a household without a name.
    pub(super) household: Option<String>,
    pub(super) side: Option<SessionName>,
    pub(super) language: Option<Language>,
}

macro_rules! by_names {
    ($which:expr) => {
        concat!(
            "SELECT g.id, g.name_folded, g.side, g.language, g.household_id, g.contact_id, h.name_folded AS household, c.phone
             FROM guest g
             JOIN household h ON h.id = g.household_id
             LEFT JOIN contact c ON c.id = g.contact_id
             WHERE g.name_folded ", $which
        )
    };
}

const BY_NAMES: Sql = Sql::each(
    by_names!(one_of!(sqlite "$1")),
    by_names!(one_of!(postgres "$1")),
);

/// Whoever has a name that one of the entries has, by id.
pub(super) async fn known(tx: &mut Tx, entries: &[Entry<'_>]) -> Result<Vec<Known>, Error> {
    let names: BTreeSet<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
    let names: Vec<_> = names.into_iter().collect();
    let mut known = Vec::new();
    for some in names.chunks(ROWS) {
        for row in tx.all(&BY_NAMES, args![json(some)?]).await? {
            known.push(read(&row)?);
        }
    }
    known.sort_unstable_by_key(|guest| guest.id);
    Ok(known)
}

fn read(row: &Row) -> Result<Known, Error> {
    Ok(Known {
        id: row.parsed("id")?,
        name: row.text("name_folded")?,
        contact: row.opt_parsed("contact_id")?,
        phone: row.opt_made("phone")?,
        household_id: row.parsed("household_id")?,
        household: row.opt_text("household")?,
        side: row.opt_parsed("side")?,
        language: row.opt_parsed("language")?,
    })
}
