//! Browsers that are signed in, by the hash of their cookie.

use std::time::Duration;

use domain::{Timestamp, ids::AccountId};

use super::known_browsers;
use super::people::{AccountRow, account_query, account_row, deed, find};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
};

/// A browser is signed out after so long, however much it is used (ASVS 5.0, 7.3.2).
const LIFETIME: Duration = Duration::from_hours(30 * 24);

/// How long the code may follow the password.
const CODE_WITHIN: Duration = Duration::from_mins(10);

const ADD: Sql = Sql::both(
    "INSERT INTO account_session (hash, account_id, created_at, seen_at, expires_at, confirmed_at) VALUES ($1, $2, $3, $3, $4, $3)",
);

const BY_HASH: Sql = account_query!(
    "JOIN account_session s ON s.account_id = a.id WHERE s.hash = $1 AND s.created_at > $2"
);

const CONFIRMED_AT: Sql = Sql::both("SELECT confirmed_at FROM account_session WHERE hash = $1");
const CONFIRM: Sql = Sql::both("UPDATE account_session SET confirmed_at = $2 WHERE hash = $1");

const BEGIN: Sql =
    Sql::both("INSERT INTO account_sign_in (hash, account_id, expires_at) VALUES ($1, $2, $3)");
const BEGUN: Sql = account_query!(
    "JOIN account_sign_in b ON b.account_id = a.id WHERE b.hash = $1 AND b.expires_at > $2"
);
const END_BEGUN: Sql = Sql::both("DELETE FROM account_sign_in WHERE account_id = $1");
const FORGET_BEGUN: Sql = Sql::both("DELETE FROM account_sign_in WHERE expires_at <= $1");

const OF_ACCOUNT: Sql = Sql::both(
    "SELECT hash, created_at FROM account_session WHERE account_id = $1 AND created_at > $2 ORDER BY created_at DESC, hash",
);

const END: Sql = Sql::both("DELETE FROM account_session WHERE hash = $1");
const END_OF: Sql = Sql::both("DELETE FROM account_session WHERE hash = $1 AND account_id = $2");
const END_OTHERS: Sql =
    Sql::both("DELETE FROM account_session WHERE account_id = $1 AND hash <> $2");
const FORGET: Sql = Sql::both("DELETE FROM account_session WHERE expires_at <= $1");

impl Store {
    /// Remembers a browser as somebody's. `false`: that account is gone.
    pub async fn sign_in(
        &self,
        account: AccountId,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&FORGET, args![now]).await?;
        let Some(row) = find(&mut tx, account).await? else {
            return Ok(false);
        };
        tx.execute(&END_BEGUN, args![account]).await?;
        tx.execute_one(&ADD, args![hash, account, now, now + LIFETIME])
            .await?;
        let actor = Actor::new(row.name);
        self.write_audit(
            &mut tx,
            &actor,
            deed("account.sign_in", &account.to_string()),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Remembers a browser that gave the right password of an account with a second factor. It is not signed in. `false`: that account is gone.
    pub async fn begin_sign_in(
        &self,
        account: AccountId,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&FORGET_BEGUN, args![now]).await?;
        if find(&mut tx, account).await?.is_none() {
            return Ok(false);
        }
        tx.execute_one(&BEGIN, args![hash, account, now + CODE_WITHIN])
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The account whose code the browser with that hash still owes.
    pub async fn begun_sign_in(
        &self,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<AccountRow>, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&BEGUN, args![hash, now]).await?;
        row.as_ref().map(account_row).transpose()
    }

    /// When the password, and with a second factor the code, was last given in that browser.
    pub async fn confirmed_at(&self, hash: &str) -> Result<Option<Timestamp>, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&CONFIRMED_AT, args![hash]).await?;
        row.map(|row| row.time("confirmed_at")).transpose()
    }

    /// Stores that the password, and with a second factor the code, was given in that browser now.
    pub async fn confirm_browser(&self, hash: &str, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&CONFIRM, args![hash, now]).await?;
        tx.commit().await
    }

    /// Writes down that somebody failed to sign in; `None`: with a name that nobody has. Both cost the same, so that the time tells no name.
    pub async fn sign_in_failed(
        &self,
        account: Option<AccountId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let subject = account.map_or_else(|| "-".to_owned(), |account| account.to_string());
        let mut tx = self.db.write().await?;
        let actor = Actor::new("somebody");
        self.write_audit(
            &mut tx,
            &actor,
            deed("account.sign_in_failed", &subject),
            now,
        )
        .await?;
        tx.commit().await
    }

    /// The account of the browser that has the cookie with that hash.
    pub async fn signed_in(&self, hash: &str, now: Timestamp) -> Result<Option<AccountRow>, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&BY_HASH, args![hash, now - LIFETIME]).await?;
        row.as_ref().map(account_row).transpose()
    }

    /// The browsers in which an account is signed in: the hash of each, and since when. The newest first.
    pub async fn browsers(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&OF_ACCOUNT, args![account, now - LIFETIME]).await?;
        let browser = |row: &Row| Ok((row.text("hash")?, row.time("created_at")?));
        rows.iter().map(browser).collect()
    }

    /// Signs one browser of an account out, by its hash.
    pub async fn sign_out_of(&self, account: AccountId, hash: &str) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&END_OF, args![hash, account]).await?;
        tx.commit().await
    }

    /// Signs one browser out.
    pub async fn sign_out(&self, hash: &str) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&END, args![hash]).await?;
        tx.commit().await
    }

    /// Signs all browsers of an account out; how many.
    pub async fn sign_out_everywhere(
        &self,
        account: AccountId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut tx = self.db.write().await?;
        let ended = sign_out_others(&mut tx, account, NONE).await?;
        known_browsers::forget_others(&mut tx, account, None).await?;
        let detail = ended.to_string();
        let deed = Deed {
            action: "account.sign_out_everywhere",
            subject: &account.to_string(),
            detail: Some(&detail),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// No browser has this hash.
pub(super) const NONE: &str = "";

/// Signs out all browsers of an account but one, also those that still owe the code. Returns how many were signed in.
pub(super) async fn sign_out_others(
    tx: &mut Tx,
    account: AccountId,
    but: &str,
) -> Result<u64, Error> {
    tx.execute(&END_BEGUN, args![account]).await?;
    tx.execute(&END_OTHERS, args![account, but]).await
}
