//! API tokens, by the hash of their secret. The secret itself never comes here.

use std::time::Duration;

use domain::{Timestamp, ids::TokenId, session::SessionName};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, args},
};

/// A token to keep.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its id, from the caller.
    pub id: TokenId,
    /// What people call it; the audit log shows it.
    pub name: String,
    /// SHA-256 of the secret, hex. The secret has at least 256 random bits, so no slower hash is needed.
    pub hash: String,
    /// What it may do: `read`, `enqueue`, `operate`.
    pub scopes: Vec<String>,
    /// The session of the spouse whose token it is. It must exist.
    pub session: Option<SessionName>,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// What people call it.
    pub name: String,
    /// SHA-256 of the secret, hex: for whoever accepts the token to compare, since an index finds it in a time of its own.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The session of the spouse whose token it is: only such a token is shown who wrote there without being on the list.
    pub session: Option<SessionName>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// Since when it is not accepted any more.
    pub revoked_at: Option<Timestamp>,
}

const ADD: Sql = Sql::both(
    "INSERT INTO api_token (id, name, hash, scopes, created_at, session) VALUES ($1, $2, $3, $4, $5, $6)",
);

const BY_HASH: Sql = Sql::both(
    "SELECT id, name, hash, scopes, session, created_at, used_at, revoked_at FROM api_token
     WHERE hash = $1 AND revoked_at IS NULL",
);

const ALL: Sql = Sql::both(
    "SELECT id, name, hash, scopes, session, created_at, used_at, revoked_at FROM api_token ORDER BY id DESC",
);

const USED: Sql = Sql::both("UPDATE api_token SET used_at = $2 WHERE id = $1");

const REVOKE: Sql =
    Sql::both("UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL");

/// A token's use is written down at most so often: not every call should cost a write.
const USE_IS_WRITTEN_EVERY: Duration = Duration::from_mins(1);

impl Store {
    /// Keeps a new token.
    pub async fn add_token(
        &self,
        token: &NewToken,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let scopes = serde_json::to_string(&token.scopes)?;
        let args = args![
            token.id,
            &token.name,
            &token.hash,
            &scopes,
            now,
            token.session.as_ref()
        ];
        tx.execute_one(&ADD, args).await?;
        let of = token.session.as_ref();
        let of = of.map_or_else(String::new, |session| format!(" of {session}"));
        let deed = Deed {
            action: "token.add",
            subject: &token.id.to_string(),
            detail: Some(&format!("{scopes}{of}")),
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await
    }

    /// The token with that hash, unless it is revoked; remembers that it was used.
    pub async fn token_by_hash(
        &self,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<TokenRow>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&BY_HASH, args![hash]).await? else {
            return Ok(None);
        };
        tx.commit().await?;
        let mut token = token_row(&row)?;
        let stale = |used: Timestamp| used + USE_IS_WRITTEN_EVERY <= now;
        if token.used_at.is_none_or(stale) {
            let mut tx = self.db.write().await?;
            tx.execute(&USED, args![token.id, now]).await?;
            tx.commit().await?;
            token.used_at = Some(now);
        }
        Ok(Some(token))
    }

    /// All tokens, newest first, revoked ones too.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ALL, Vec::new()).await?;
        rows.iter().map(token_row).collect()
    }

    /// Accepts a token no more. Whether there was one that was still accepted.
    pub async fn revoke_token(
        &self,
        id: TokenId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if tx.execute(&REVOKE, args![id, now]).await? == 0 {
            return Ok(false);
        }
        let deed = Deed {
            action: "token.revoke",
            subject: &id.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn token_row(row: &Row) -> Result<TokenRow, Error> {
    Ok(TokenRow {
        id: row.parsed("id")?,
        name: row.text("name")?,
        hash: row.text("hash")?,
        scopes: serde_json::from_str(&row.text("scopes")?)?,
        session: row.opt_parsed("session")?,
        created_at: row.time("created_at")?,
        used_at: row.opt_time("used_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
