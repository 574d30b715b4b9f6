//! The second factor of an account: the secret that an authenticator app shares, and recovery codes.
//!
//! The rules that must hold: a time step and a recovery code are accepted once; the secret is sealed, recovery codes are stored as hashes;
//! setting up, turning off and using a recovery code are audited.

use domain::{Timestamp, ids::AccountId};
use secrecy::{ExposeSecret, SecretString};

use super::people::deed;
use super::{browsers, known_browsers};
use crate::{
    Actor, Error, Store,
    db::{Sql, args},
};

/// The second factor of an account, which may still lack its first code.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// The secret, in base32. `None` when it was sealed with another key: then only recovery codes work.
    pub secret: Option<SecretString>,
    /// Whether signing in asks for codes.
    pub enabled: bool,
    /// How many recovery codes are unused.
    pub codes_left: u32,
}

/// The browser that enables a second factor: the only one that stays signed in.
#[derive(Debug, Clone, Copy)]
pub struct EnablingBrowser<'a> {
    /// The hash of its session.
    pub session: &'a str,
    /// The hash by which it is known after it is signed out.
    pub known_by: Option<&'a str>,
}

const BEGIN: Sql = Sql::both(
    "INSERT INTO account_factor (account_id, secret, last_step, created_at) VALUES ($1, $2, 0, $3)
     ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
     WHERE account_factor.enabled_at IS NULL",
);

const ONE: Sql = Sql::both(
    "SELECT secret, enabled_at, (SELECT COUNT(*) FROM account_recovery_code c WHERE c.account_id = f.account_id) AS codes_left
     FROM account_factor f WHERE f.account_id = $1",
);

// The secret is compared because another tab may have replaced it since the code was checked.
const ENABLE: Sql = Sql::both(
    "UPDATE account_factor SET enabled_at = $2, last_step = $3 WHERE account_id = $1 AND secret = $4 AND enabled_at IS NULL",
);

const ADD_CODE: Sql =
    Sql::both("INSERT INTO account_recovery_code (hash, account_id) VALUES ($1, $2)");

// One statement, so that of two requests with the same code one is accepted.
const USE_STEP: Sql = Sql::both(
    "UPDATE account_factor SET last_step = $2 WHERE account_id = $1 AND last_step < $2 AND enabled_at IS NOT NULL",
);

const USE_CODE: Sql =
    Sql::both("DELETE FROM account_recovery_code WHERE hash = $1 AND account_id = $2");

const REMOVE: Sql = Sql::both("DELETE FROM account_factor WHERE account_id = $1");

impl Store {
    /// Stores a secret that no app has proved to have yet, instead of the one before. `false`: the account has a second factor already, or the
    /// store has no key to seal with.
    pub async fn begin_second_factor(
        &self,
        account: AccountId,
        secret: &SecretString,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let Some(sealed) = self.sealed_secret(account, secret) else {
            return Ok(false);
        };
        let mut tx = self.db.write().await?;
        let begun = tx.execute(&BEGIN, args![account, sealed, now]).await?;
        tx.commit().await?;
        Ok(begun > 0)
    }

    /// The second factor of an account, enabled or begun.
    pub async fn second_factor(&self, account: AccountId) -> Result<Option<SecondFactor>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&ONE, args![account]).await? else {
            return Ok(None);
        };
        let key = self.unknown_writers_key.as_ref();
        let sealed = row.text("secret")?;
        let secret = key.and_then(|key| key.open_factor(account, &sealed));
        Ok(Some(SecondFactor {
            secret: secret.map(SecretString::from),
            enabled: row.opt_time("enabled_at")?.is_some(),
            codes_left: row.count("codes_left")?,
        }))
    }

    /// Enables the second factor whose secret proved itself with the code of that time step. Signs out all other browsers of the account:
    /// they gave no code. `false`: it is not that secret any more.
    pub async fn enable_second_factor(
        &self,
        account: AccountId,
        (secret, step): (&SecretString, i64),
        recovery_hashes: &[String],
        browser: EnablingBrowser<'_>,
        (actor, now): (&Actor, Timestamp),
    ) -> Result<bool, Error> {
        let Some(sealed) = self.sealed_secret(account, secret) else {
            return Ok(false);
        };
        let mut tx = self.db.write().await?;
        let enabled = args![account, now, step, sealed];
        if tx.execute(&ENABLE, enabled).await? == 0 {
            return Ok(false);
        }
        for hash in recovery_hashes {
            tx.execute_one(&ADD_CODE, args![hash, account]).await?;
        }
        browsers::sign_out_others(&mut tx, account, browser.session).await?;
        known_browsers::forget_others(&mut tx, account, browser.known_by).await?;
        let subject = account.to_string();
        let deed = deed("account.second_factor_on", &subject);
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Accepts the code of a time step. `false`: this step or a later one was accepted before.
    pub async fn use_second_factor(&self, account: AccountId, step: i64) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let used = tx.execute(&USE_STEP, args![account, step]).await?;
        tx.commit().await?;
        Ok(used > 0)
    }

    /// Accepts a recovery code, by its hash. `false`: the account has no such code any more.
    pub async fn use_recovery_code(
        &self,
        account: AccountId,
        hash: &str,
        (actor, now): (&Actor, Timestamp),
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if tx.execute(&USE_CODE, args![hash, account]).await? == 0 {
            return Ok(false);
        }
        let subject = account.to_string();
        let deed = deed("account.recovery_code", &subject);
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Turns the second factor of an account off, with its recovery codes. `false`: it had none.
    pub async fn remove_second_factor(
        &self,
        account: AccountId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if tx.execute(&REMOVE, args![account]).await? == 0 {
            return Ok(false);
        }
        let subject = account.to_string();
        let deed = deed("account.second_factor_off", &subject);
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn sealed_secret(&self, account: AccountId, secret: &SecretString) -> Option<String> {
        let key = self.unknown_writers_key.as_ref()?;
        Some(key.seal_factor(account, secret.expose_secret()))
    }
}
