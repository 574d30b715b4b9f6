//! Secrets that work once: the code of the first account, invitations to have one, and new passwords.

use std::time::Duration;

use domain::{
    Timestamp,
    account::{Person, Role},
    ids::AccountId,
    session::SessionName,
};

use super::people::{NewAccount, add, deed};
use super::{browsers, known_browsers};
use crate::{
    Actor, Error, Store,
    db::{Row, Sql, Tx, args},
};

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The first account of all; whoever makes it says which spouse they are.
    First,
    /// An account for that person.
    Invite(Person),
    /// A new password for that account.
    Password(AccountId),
}

/// A link to keep.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// SHA-256 of its secret, hex.
    pub hash: String,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// For how long.
    pub valid: Duration,
}

/// What became of a link that somebody used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// This account was made, or has its new password; the link is used up.
    Account(AccountId),
    /// The link is wrong, used or too old.
    NoSuchLink,
    /// Somebody has that name already; the link still works.
    NameTaken,
    /// That spouse has an account already, and the link works no more.
    PlaceTaken,
}

const ADD: Sql = Sql::both(
    "INSERT INTO account_link (hash, purpose, role, session, account_id, made_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);

const BY_HASH: Sql = Sql::both(
    "SELECT purpose, role, session, account_id FROM account_link WHERE hash = $1 AND expires_at > $2",
);

// Making a spouse's account, and making or using links for it, take turns.
const PLACE: Sql = Sql::each(
    "SELECT name FROM whatsapp_session_status WHERE name = $1",
    "SELECT name FROM whatsapp_session_status WHERE name = $1 FOR UPDATE",
);
const SPOUSE: Sql = Sql::both("SELECT id FROM account WHERE session = $1 LIMIT 1");
const FORGET_PLACE: Sql =
    Sql::both("DELETE FROM account_link WHERE purpose = 'invite' AND session = $1");

const USE: Sql = Sql::both("DELETE FROM account_link WHERE hash = $1");
const FORGET: Sql = Sql::both("DELETE FROM account_link WHERE expires_at <= $1");
const FORGET_FIRST: Sql = Sql::both("DELETE FROM account_link WHERE purpose = 'first'");
const ANY_ACCOUNT: Sql = Sql::both("SELECT id FROM account LIMIT 1");
const PASSWORD: Sql = Sql::both("UPDATE account SET password_hash = $2 WHERE id = $1");

impl Store {
    /// Keeps a link. A new code for the first account, and a new invitation of a spouse, take the place of the one before; `false`: that
    /// account is there already.
    pub async fn add_link(
        &self,
        link: &NewLink,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        tx.execute(&FORGET, args![now]).await?;
        if link.purpose == LinkPurpose::First {
            if tx.first(&ANY_ACCOUNT, Vec::new()).await?.is_some() {
                return Ok(false);
            }
            tx.execute(&FORGET_FIRST, Vec::new()).await?;
        }
        if let LinkPurpose::Invite(Person::Spouse(session)) = &link.purpose
            && !take_place(&mut tx, session).await?
        {
            return Ok(false);
        }
        let (purpose, role, session, account) = columns(&link.purpose);
        let args = args![
            &link.hash,
            purpose,
            role,
            session,
            account,
            &actor.name,
            now,
            now + link.valid
        ];
        tx.execute_one(&ADD, args).await?;
        self.write_audit(&mut tx, actor, deed("account.link", purpose), now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What the link with that hash is for, while it works.
    pub async fn link(&self, hash: &str, now: Timestamp) -> Result<Option<LinkPurpose>, Error> {
        let mut tx = self.db.read().await?;
        purpose_of(&mut tx, hash, now).await
    }

    /// Makes the account that a link is for. `chosen`: the spouse that the first account is for.
    pub async fn redeem_invitation(
        &self,
        hash: &str,
        account: &NewAccount,
        chosen: Option<&SessionName>,
        now: Timestamp,
    ) -> Result<Redeemed, Error> {
        let mut tx = self.db.write().await?;
        let person = match purpose_of(&mut tx, hash, now).await? {
            Some(LinkPurpose::Invite(person)) => person,
            Some(LinkPurpose::First) => match chosen {
                Some(session) => Person::Spouse(session.clone()),
                None => return Ok(Redeemed::NoSuchLink),
            },
            Some(LinkPurpose::Password(_)) | None => return Ok(Redeemed::NoSuchLink),
        };
        if let Person::Spouse(session) = &person {
            tx.all(&PLACE, args![session]).await?;
        }
        // whoever deletes it has used it: of two at once, one
        if tx.execute(&USE, args![hash]).await? == 0 {
            return Ok(Redeemed::NoSuchLink);
        }
        if let Person::Spouse(session) = &person
            && !take_place(&mut tx, session).await?
        {
            tx.commit().await?;
            return Ok(Redeemed::PlaceTaken);
        }
        let id = self.ids.account(now);
        if !add(&mut tx, id, account, &person, now).await? {
            return Ok(Redeemed::NameTaken);
        }
        let actor = Actor::new(&account.name);
        self.write_audit(&mut tx, &actor, deed("account.add", &id.to_string()), now)
            .await?;
        tx.commit().await?;
        Ok(Redeemed::Account(id))
    }

    /// Changes the password that a link is for, and signs that account out everywhere.
    pub async fn redeem_password(
        &self,
        hash: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Redeemed, Error> {
        let mut tx = self.db.write().await?;
        let Some(LinkPurpose::Password(id)) = purpose_of(&mut tx, hash, now).await? else {
            return Ok(Redeemed::NoSuchLink);
        };
        if tx.execute(&USE, args![hash]).await? == 0 {
            return Ok(Redeemed::NoSuchLink);
        }
        self.change_password(
            &mut tx,
            id,
            password_hash,
            &Actor::new("one-time link"),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(Redeemed::Account(id))
    }

    /// Changes somebody's password, and signs them out everywhere.
    pub async fn set_password(
        &self,
        id: AccountId,
        password_hash: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        self.change_password(&mut tx, id, password_hash, actor, now)
            .await?;
        tx.commit().await
    }

    async fn change_password(
        &self,
        tx: &mut Tx,
        id: AccountId,
        password_hash: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        tx.execute_one(&PASSWORD, args![id, password_hash]).await?;
        browsers::sign_out_others(tx, id, browsers::NONE).await?;
        known_browsers::forget_others(tx, id, None).await?;
        self.write_audit(tx, actor, deed("account.password", &id.to_string()), now)
            .await
    }
}

/// Ends all invitations of a spouse; `false`: they have an account.
async fn take_place(tx: &mut Tx, session: &SessionName) -> Result<bool, Error> {
    tx.all(&PLACE, args![session]).await?;
    tx.execute(&FORGET_PLACE, args![session]).await?;
    Ok(tx.first(&SPOUSE, args![session]).await?.is_none())
}

fn columns(
    purpose: &LinkPurpose,
) -> (
    &'static str,
    Option<Role>,
    Option<&SessionName>,
    Option<AccountId>,
) {
    match purpose {
        LinkPurpose::First => ("first", None, None, None),
        LinkPurpose::Invite(person) => ("invite", Some(person.role()), person.session(), None),
        LinkPurpose::Password(account) => ("password", None, None, Some(*account)),
    }
}

async fn purpose_of(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<LinkPurpose>, Error> {
    let row = tx.first(&BY_HASH, args![hash, now]).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<LinkPurpose, Error> {
    match row.text("purpose")?.as_str() {
        "first" => Ok(LinkPurpose::First),
        "password" => Ok(LinkPurpose::Password(row.parsed("account_id")?)),
        "invite" => Ok(LinkPurpose::Invite(match row.opt_parsed("session")? {
            Some(session) => Person::Spouse(session),
            None => Person::Operator,
        })),
        _ => Err(Error::Corrupt { column: "purpose" }),
    }
}
