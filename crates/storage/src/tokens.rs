//! API tokens, by the hash of their secret. The secret itself never comes here.

use std::time::Duration;

use domain::{
    Timestamp,
    ids::{AccountId, TokenId},
    session::SessionName,
};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
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
    /// What it rests on.
    pub made_by: TokenMaker,
}

/// Who makes a token. It ends with them: when a token is revoked, an account removed, or an operator may no longer read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenMaker {
    /// The command line on the machine; such a token ends only when it is revoked.
    CommandLine,
    /// An account, on the page.
    Account(AccountId),
    /// Another token, and what that one rests on.
    Token(TokenId),
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
    "INSERT INTO api_token (id, name, hash, scopes, created_at, session, account_id, parent_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

// Making a token, and ending the account, right or token that it rests on, take turns.
const MAKING_ACCOUNT: Sql = Sql::each(
    "SELECT id FROM account WHERE id = $1 AND (role = 'couple' OR texts_granted_at IS NOT NULL)",
    "SELECT id FROM account WHERE id = $1 AND (role = 'couple' OR texts_granted_at IS NOT NULL) FOR SHARE",
);

const MAKING_TOKEN: Sql = Sql::each(
    "SELECT account_id FROM api_token WHERE id = $1 AND revoked_at IS NULL",
    "SELECT account_id FROM api_token WHERE id = $1 AND revoked_at IS NULL FOR SHARE",
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

const MADE_BY_TOKEN: Sql =
    Sql::both("SELECT id FROM api_token WHERE parent_id = $1 AND revoked_at IS NULL ORDER BY id");

const MADE_BY_ACCOUNT: Sql =
    Sql::both("SELECT id FROM api_token WHERE account_id = $1 AND revoked_at IS NULL ORDER BY id");

/// A token's use is written down at most so often: not every call should cost a write.
const USE_IS_WRITTEN_EVERY: Duration = Duration::from_mins(1);

impl Store {
    /// Keeps a new token. `false`: its maker may make none any more.
    pub async fn add_token(
        &self,
        token: &NewToken,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let (account, parent) = match token.made_by {
            TokenMaker::CommandLine => (None, None),
            TokenMaker::Account(id) => match tx.first(&MAKING_ACCOUNT, args![id]).await? {
                Some(row) => (Some(row.text("id")?), None),
                None => return Ok(false),
            },
            TokenMaker::Token(id) => match tx.first(&MAKING_TOKEN, args![id]).await? {
                Some(row) => (row.opt_text("account_id")?, Some(id)),
                None => return Ok(false),
            },
        };
        let scopes = serde_json::to_string(&token.scopes)?;
        let args = args![
            token.id,
            &token.name,
            &token.hash,
            &scopes,
            now,
            token.session.as_ref(),
            account,
            parent
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
        tx.commit().await?;
        Ok(true)
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
        // it only informs: a database that takes no writes still answers what is asked
        if token.used_at.is_none_or(stale) && self.write_use(token.id, now).await.is_ok() {
            token.used_at = Some(now);
        }
        Ok(Some(token))
    }

    async fn write_use(&self, token: TokenId, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&USED, args![token, now]).await?;
        tx.commit().await
    }

    /// All tokens, newest first, revoked ones too.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ALL, Vec::new()).await?;
        rows.iter().map(token_row).collect()
    }

    /// Accepts a token no more, nor any that was made with it. Whether it was still accepted.
    pub async fn revoke_token(
        &self,
        id: TokenId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if !self.end_token(&mut tx, id, actor, now).await? {
            return Ok(false);
        }
        self.end_below(&mut tx, vec![id], actor, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends all tokens that rest on an account whose row the caller has changed in this transaction.
    pub(crate) async fn end_tokens_of(
        &self,
        tx: &mut Tx,
        account: AccountId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut ended = Vec::new();
        for row in tx.all(&MADE_BY_ACCOUNT, args![account]).await? {
            let id = row.parsed("id")?;
            self.end_token(tx, id, actor, now).await?;
            ended.push(id);
        }
        self.end_below(tx, ended, actor, now).await
    }

    /// Ends all tokens that were made with those that have ended.
    async fn end_below(
        &self,
        tx: &mut Tx,
        mut ended: Vec<TokenId>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        while let Some(parent) = ended.pop() {
            for row in tx.all(&MADE_BY_TOKEN, args![parent]).await? {
                let id = row.parsed("id")?;
                self.end_token(tx, id, actor, now).await?;
                ended.push(id);
            }
        }
        Ok(())
    }

    async fn end_token(
        &self,
        tx: &mut Tx,
        id: TokenId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        if tx.execute(&REVOKE, args![id, now]).await? == 0 {
            return Ok(false);
        }
        let deed = Deed {
            action: "token.revoke",
            subject: &id.to_string(),
            detail: None,
        };
        self.write_audit(tx, actor, deed, now).await?;
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
