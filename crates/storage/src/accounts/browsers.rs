//! Browsers that are signed in, by the hash of their cookie.

use std::time::Duration;

use domain::{Timestamp, ids::AccountId};

use super::known_browsers;
use super::people::{AccountRow, account_row, deed, find};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, args},
};

/// A browser is signed out after so long, however much it is used (ASVS 5.0, 7.3.2).
const LIFETIME: Duration = Duration::from_hours(30 * 24);

const ADD: Sql = Sql::both(
    "INSERT INTO account_session (hash, account_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
);

const BY_HASH: Sql = Sql::both(
    "SELECT a.id, a.name, a.role, a.session, a.language, a.password_hash, a.texts_granted_at, a.created_at
     FROM account_session s JOIN account a ON a.id = s.account_id
     WHERE s.hash = $1 AND s.created_at > $2",
);

const END: Sql = Sql::both("DELETE FROM account_session WHERE hash = $1");
const END_ALL: Sql = Sql::both("DELETE FROM account_session WHERE account_id = $1");
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
        let ended = tx.execute(&END_ALL, args![account]).await?;
        known_browsers::forget_all(&mut tx, account).await?;
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
