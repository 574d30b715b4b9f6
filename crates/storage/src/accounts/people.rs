//! Who has an account.

use domain::{
    Timestamp,
    account::{Person, Role},
    config::Language,
    ids::AccountId,
    session::SessionName,
};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Row, Sql, Tx, args},
    search_text::folded,
};

/// An account to make; the store gives it its id.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What they sign in with; unique, whatever the case.
    pub name: String,
    /// The language of their page.
    pub language: Language,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// What they sign in with.
    pub name: String,
    /// Whose it is.
    pub person: Person,
    /// The language of their page.
    pub language: Language,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    /// Since when a spouse lets this operator read what is written.
    pub texts_granted_at: Option<Timestamp>,
    /// Since when signing in asks for a second factor.
    pub second_factor_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl AccountRow {
    /// Their role.
    pub const fn role(&self) -> Role {
        self.person.role()
    }

    /// The session that is theirs.
    pub const fn session(&self) -> Option<&SessionName> {
        self.person.session()
    }

    /// Whether they may see and change messages, guests and conversations.
    pub const fn reads_texts(&self) -> bool {
        matches!(self.person, Person::Spouse(_)) || self.texts_granted_at.is_some()
    }
}

/// The columns of an account, continued by the given text.
macro_rules! account_query {
    ($rest:literal) => {
        Sql::both(concat!(
            "SELECT a.id, a.name, a.role, a.session, a.language, a.password_hash, a.texts_granted_at, a.created_at,
                    f.enabled_at AS second_factor_since
             FROM account a LEFT JOIN account_factor f ON f.account_id = a.id ",
            $rest
        ))
    };
}
pub(super) use account_query;

const ALL: Sql = account_query!("ORDER BY a.id");
const ONE: Sql = account_query!("WHERE a.id = $1");
const BY_NAME: Sql = account_query!("WHERE a.name_folded = $1");
const ANY: Sql = Sql::both("SELECT id FROM account LIMIT 1");

const ADD: Sql = Sql::both(
    "INSERT INTO account (id, name, name_folded, role, session, language, password_hash, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

const SPEAK: Sql = Sql::both("UPDATE account SET language = $2 WHERE id = $1");

const GRANT: Sql = Sql::both(
    "UPDATE account SET texts_granted_at = $2 WHERE id = $1 AND role = 'operator'
       AND (texts_granted_at IS NULL) <> (CAST($2 AS BIGINT) IS NULL)",
);

// Two who remove each other at once take turns.
const TURNS: Sql = Sql::each(
    "SELECT id FROM account WHERE role = 'couple'",
    "SELECT id FROM account WHERE role = 'couple' ORDER BY id FOR UPDATE",
);

// Whoever remains without a spouse could never let one in again; where nobody remains, there is the first account's code.
const REMOVE: Sql = Sql::both(
    "DELETE FROM account WHERE id = $1
       AND (role = 'operator' OR NOT EXISTS (SELECT 1 FROM account o WHERE o.id <> $1)
            OR EXISTS (SELECT 1 FROM account o WHERE o.role = 'couple' AND o.id <> $1))",
);

// Links end with the account that made them.
const FORGET_LINKS: Sql =
    Sql::both("DELETE FROM account_link WHERE made_by = (SELECT name FROM account WHERE id = $1)");

/// A name as accounts are found by it: however it is written, it is one name.
pub fn folded_name(name: &str) -> String {
    folded(name)
}

impl Store {
    /// Whether anybody has an account.
    pub async fn has_accounts(&self) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        Ok(tx.first(&ANY, Vec::new()).await?.is_some())
    }

    /// All accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<AccountRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&ALL, Vec::new()).await?;
        rows.iter().map(account_row).collect()
    }

    /// The account with that name, whatever the case.
    pub async fn account_by_name(&self, name: &str) -> Result<Option<AccountRow>, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&BY_NAME, args![folded(name)]).await?;
        row.as_ref().map(account_row).transpose()
    }

    /// One account.
    pub async fn account(&self, id: AccountId) -> Result<Option<AccountRow>, Error> {
        find(&mut self.db.read().await?, id).await
    }

    /// Changes the language of somebody's page.
    pub async fn set_account_language(
        &self,
        id: AccountId,
        language: Language,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&SPEAK, args![id, language]).await?;
        tx.commit().await
    }

    /// Lets an operator read what is written, or no longer, which ends the tokens they made. Whether that changed anything.
    pub async fn grant_texts(
        &self,
        id: AccountId,
        granted: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let since = granted.then_some(now);
        if tx.execute(&GRANT, args![id, since]).await? == 0 {
            return Ok(false);
        }
        let action = if granted {
            "account.grant_texts"
        } else {
            "account.withdraw_texts"
        };
        if !granted {
            self.end_tokens_of(&mut tx, id, actor, now).await?;
        }
        self.write_audit(&mut tx, actor, deed(action, &id.to_string()), now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes somebody's account away, with all their browsers and tokens. Whether there was one that could go: while others have accounts,
    /// the last spouse stays.
    pub async fn remove_account(
        &self,
        id: AccountId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        tx.all(&TURNS, Vec::new()).await?;
        tx.execute(&FORGET_LINKS, args![id]).await?;
        if tx.execute(&REMOVE, args![id]).await? == 0 {
            return Ok(false);
        }
        self.end_tokens_of(&mut tx, id, actor, now).await?;
        self.write_audit(&mut tx, actor, deed("account.remove", &id.to_string()), now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Makes an account, in the caller's transaction; `None`: the name is taken.
pub(super) async fn add(
    tx: &mut Tx,
    id: AccountId,
    account: &NewAccount,
    person: &Person,
    now: Timestamp,
) -> Result<bool, Error> {
    if tx
        .first(&BY_NAME, args![folded(&account.name)])
        .await?
        .is_some()
    {
        return Ok(false);
    }
    let args = args![
        id,
        &account.name,
        folded(&account.name),
        person.role(),
        person.session(),
        account.language,
        &account.password_hash,
        now
    ];
    tx.execute_one(&ADD, args).await?;
    Ok(true)
}

pub(super) async fn find(tx: &mut Tx, id: AccountId) -> Result<Option<AccountRow>, Error> {
    let row = tx.first(&ONE, args![id]).await?;
    row.as_ref().map(account_row).transpose()
}

pub(super) const fn deed<'a>(action: &'static str, subject: &'a str) -> Deed<'a> {
    Deed {
        action,
        subject,
        detail: None,
    }
}

pub(super) fn account_row(row: &Row) -> Result<AccountRow, Error> {
    let person = match (row.parsed("role")?, row.opt_parsed("session")?) {
        (Role::Couple, Some(session)) => Person::Spouse(session),
        (Role::Operator, None) => Person::Operator,
        _ => return Err(Error::Corrupt { column: "role" }),
    };
    Ok(AccountRow {
        id: row.parsed("id")?,
        name: row.text("name")?,
        person,
        language: row.parsed("language")?,
        password_hash: row.text("password_hash")?,
        texts_granted_at: row.opt_time("texts_granted_at")?,
        second_factor_since: row.opt_time("second_factor_since")?,
        created_at: row.time("created_at")?,
    })
}
