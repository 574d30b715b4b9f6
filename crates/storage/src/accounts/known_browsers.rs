//! Browsers in which an account was signed in, by the hash of a cookie that stays when it is signed out. Tries from such a browser are not
//! counted for the account.

use domain::{Timestamp, ids::AccountId};

use super::browsers::NONE;
use crate::{
    Error, Store,
    db::{Sql, Tx, args},
};

/// So many of one account are remembered, the newest.
const AT_MOST: i64 = 20;

const ADD: Sql = Sql::both(
    "INSERT INTO known_browser (hash, account_id, created_at) VALUES ($1, $2, $3)
     ON CONFLICT (hash) DO UPDATE SET account_id = excluded.account_id, created_at = excluded.created_at",
);

const FORGET_OLD: Sql = Sql::both(
    "DELETE FROM known_browser WHERE account_id = $1
       AND hash NOT IN (SELECT hash FROM known_browser WHERE account_id = $1 ORDER BY created_at DESC, hash LIMIT $2)",
);

const KNOWN: Sql = Sql::both("SELECT hash FROM known_browser WHERE hash = $1 AND account_id = $2");

const ANY: Sql = Sql::both("SELECT hash FROM known_browser WHERE hash = $1");

const FORGET_OTHERS: Sql =
    Sql::both("DELETE FROM known_browser WHERE account_id = $1 AND hash <> $2");

impl Store {
    /// Whether that account was signed in in the browser with the cookie of that hash.
    pub async fn knows_browser(&self, account: AccountId, hash: &str) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        Ok(tx.first(&KNOWN, args![hash, account]).await?.is_some())
    }

    /// Whether any account was signed in in the browser with the cookie of that hash.
    pub async fn remembers_browser(&self, hash: &str) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        Ok(tx.first(&ANY, args![hash]).await?.is_some())
    }

    /// Remembers a browser in which the account has just signed in.
    pub async fn remember_browser(
        &self,
        account: AccountId,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&ADD, args![hash, account, now]).await?;
        tx.execute(&FORGET_OLD, args![account, AT_MOST]).await?;
        tx.commit().await
    }
}

/// In the transaction that signs an account out elsewhere or everywhere, or changes its password: one of them may be a thief's.
pub(super) async fn forget_others(
    tx: &mut Tx,
    account: AccountId,
    but: Option<&str>,
) -> Result<(), Error> {
    let but = but.unwrap_or(NONE);
    tx.execute(&FORGET_OTHERS, args![account, but]).await?;
    Ok(())
}
