//! Forgetting who has not written for long. Everybody who reads the rows looks at the time too: this is only the broom.

use domain::Timestamp;

use super::kept::FORGOTTEN_AFTER;
use crate::{
    Error, Store,
    db::{Sql, args},
};

/// `swept!("…", "…")`: a statement about the rows that a condition finds, but for those that somebody holds: the next time is early
/// enough, and a broom keeps nobody waiting and waits for nobody.
macro_rules! swept {
    ($statement:literal, $condition:literal) => {
        Sql::each(
            concat!($statement, " WHERE ", $condition),
            concat!(
                $statement,
                " WHERE id IN (SELECT id FROM unknown_writer WHERE ",
                $condition,
                " FOR UPDATE SKIP LOCKED)"
            ),
        )
    };
}

const FORGET: Sql = swept!(
    "DELETE FROM unknown_writer",
    "last_at <= $1 AND ignored_at IS NULL"
);

// Whoever was ignored stays so, but what a later invitation showed of them goes.
const HIDE: Sql = swept!(
    "UPDATE unknown_writer SET push_name = NULL, suggested_household_id = NULL",
    "last_at <= $1 AND ignored_at IS NOT NULL
       AND (push_name IS NOT NULL OR suggested_household_id IS NOT NULL)"
);

const ANY: Sql = Sql::both(
    "SELECT id FROM unknown_writer
     WHERE last_at <= $1 AND (ignored_at IS NULL OR push_name IS NOT NULL OR suggested_household_id IS NOT NULL)
     LIMIT 1",
);

impl Store {
    /// Forgets the unknown writers of all sessions who have not written for 30 days, but not that somebody was ignored.
    pub async fn forget_unknown_writers(&self, now: Timestamp) -> Result<(), Error> {
        let until = now - FORGOTTEN_AFTER;
        let mut tx = self.db.read().await?;
        if tx.first(&ANY, args![until]).await?.is_none() {
            return Ok(());
        }
        tx.commit().await?;
        let mut tx = self.db.write().await?;
        tx.execute(&FORGET, args![until]).await?;
        tx.execute(&HIDE, args![until]).await?;
        tx.commit().await
    }
}
