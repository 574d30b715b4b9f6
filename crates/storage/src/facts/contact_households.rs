//! To which household a contact belongs after it became one with another.
//!
//! The rule that must hold: the list outranks a token. A phone that a token tied under a hidden id, and that turns out to be a listed
//! guest's of another household, had the invitation of others. What a person said of a phone stays.

use domain::ids::{ContactId, HouseholdId};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

use super::tying;

const TIED_TO: Sql =
    Sql::both("SELECT household_id FROM contact WHERE id = $1 AND household_id IS NOT NULL");

const ALL_OF: Sql = Sql::both(
    "SELECT household_id FROM guest WHERE contact_id = $1
     UNION
     SELECT household_id FROM contact WHERE id = $1 AND household_id IS NOT NULL",
);

// Only a token tied it, as far as is known.
const BY_TOKEN: Sql = Sql::both(
    "SELECT c.id FROM contact c
     WHERE c.id = $1 AND c.assigned_at IS NULL
       AND EXISTS (SELECT 1 FROM invitation_phone p JOIN invitation i ON i.id = p.invitation_id
                   WHERE p.contact_id = c.id AND p.refused_at IS NULL AND i.household_id = $2)",
);

const NOT_THEIRS: Sql =
    Sql::both("UPDATE guest SET contact_id = NULL WHERE contact_id = $1 AND household_id = $2");

/// Gives `kept` the household that `gone` was tied to. One to which only a token tied it is given up where `kept` is of another one, and
/// returned.
pub(super) async fn merge(
    tx: &mut Tx,
    kept: ContactId,
    gone: ContactId,
) -> Result<Option<HouseholdId>, Error> {
    let Some(row) = tx.first(&TIED_TO, args![gone]).await? else {
        return Ok(None);
    };
    let tied_to: HouseholdId = row.parsed("household_id")?;
    let of_kept: Vec<HouseholdId> = tx
        .all(&ALL_OF, args![kept])
        .await?
        .iter()
        .map(|row| row.parsed("household_id"))
        .collect::<Result<_, _>>()?;
    let by_token = tx.first(&BY_TOKEN, args![gone, tied_to]).await?.is_some();
    if of_kept.is_empty() || of_kept.contains(&tied_to) || !by_token {
        if tx.first(&TIED_TO, args![kept]).await?.is_none() {
            tying::belongs(tx, kept, tied_to).await?;
        }
        return Ok(None);
    }
    tx.execute(&NOT_THEIRS, args![gone, tied_to]).await?;
    Ok(Some(tied_to))
}
