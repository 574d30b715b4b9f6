//! To which household a contact belongs after it became one with another.
//!
//! The rule that must hold: the list outranks a token. Whoever was tied under a hidden id and turns out to be a listed guest of
//! another household had that household's invitation from somebody: its guests are not them.

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

const NOT_THEIRS: Sql =
    Sql::both("UPDATE guest SET contact_id = NULL WHERE contact_id = $1 AND household_id = $2");

/// Gives `kept` the household that `gone` was tied to, unless it is of another one; then that household is given up, and
/// this is it.
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
    if of_kept.is_empty() || of_kept.contains(&tied_to) {
        if tx.first(&TIED_TO, args![kept]).await?.is_none() {
            tying::belongs(tx, kept, tied_to).await?;
        }
        return Ok(None);
    }
    tx.execute(&NOT_THEIRS, args![gone, tied_to]).await?;
    Ok(Some(tied_to))
}
