//! Invitations: looked up by the token that a guest presents, or by their household.
//!
//! The rule that must hold: looking up any token that is not in force is the same work, statement for statement, so that the
//! time an answer takes does not tell a wrong token from a revoked or an expired one.

use domain::{
    Timestamp,
    config::GlobalConfig,
    ids::{HouseholdId, InvitationId},
    invitation::{Host, InvitationToken, InvitedGuest},
};

use crate::{
    Error, Store,
    config::read_config,
    db::{Row, Sql, Tx, args},
};

/// An invitation of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub household: HouseholdId,
    /// The secret on it.
    pub token: InvitationToken,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good for nothing.
    pub valid_until: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When somebody of the household first wrote, with its code or without.
    pub tied_at: Option<Timestamp>,
}

/// An invitation and what it is written from, all of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationRow,
    /// The household's guests, in the order in which they were added.
    pub guests: Vec<InvitedGuest>,
    /// Every session there ever was, by name.
    pub hosts: Vec<Host>,
    /// The couple's names and language.
    pub config: GlobalConfig,
}

/// A query for invitations, continued by the given text.
macro_rules! invitation_query {
    ($rest:literal) => {
        Sql::both(concat!(
            "SELECT id, household_id, token, created_at, valid_until, revoked_at, tied_at FROM invitation ",
            $rest
        ))
    };
}

const IN_FORCE: Sql =
    invitation_query!("WHERE token = $1 AND revoked_at IS NULL AND valid_until > $2");

const OF_HOUSEHOLD: Sql = invitation_query!(
    "WHERE household_id = $1
     ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 1"
);

const GUESTS: Sql =
    Sql::both("SELECT side, language FROM guest WHERE household_id = $1 ORDER BY created_at, id");

pub(super) const HOSTS: Sql = Sql::both("SELECT name, own_number FROM whatsapp_session_status");

/// What is looked for when something was presented that cannot be a token. No token looks like this.
const NO_TOKEN: &str = "-";

impl Store {
    /// The invitation in force with that token; `None` when what was presented is no token, or one that is wrong, revoked or
    /// expired.
    pub async fn invitation_in_force(
        &self,
        token: Option<&InvitationToken>,
        now: Timestamp,
    ) -> Result<Option<Invited>, Error> {
        let token = token.map_or_else(|| NO_TOKEN.to_owned(), ToString::to_string);
        let mut tx = self.db.read().await?;
        let row = tx.first(&IN_FORCE, args![token, now]).await?;
        invited(&mut tx, row).await
    }

    /// The household's invitation: the one in force, or the last one that was.
    pub async fn invitation_of(&self, household: HouseholdId) -> Result<Option<Invited>, Error> {
        let mut tx = self.db.read().await?;
        let row = tx.first(&OF_HOUSEHOLD, args![household]).await?;
        invited(&mut tx, row).await
    }
}

/// Reads the rest also when there is no invitation: for nobody's household, but with the same statements.
async fn invited(tx: &mut Tx, row: Option<Row>) -> Result<Option<Invited>, Error> {
    let invitation = row.as_ref().map(invitation_row).transpose()?;
    let household = invitation
        .as_ref()
        .map_or_else(String::new, |invitation| invitation.household.to_string());
    let guests = tx.all(&GUESTS, args![household]).await?;
    let hosts = tx.all(&HOSTS, Vec::new()).await?;
    let (config, _) = read_config(tx).await?;
    let guests = guests.iter().map(invited_guest).collect::<Result<_, _>>()?;
    let mut hosts = hosts.iter().map(host).collect::<Result<Vec<_>, _>>()?;
    hosts.sort_unstable_by(|a, b| a.session.cmp(&b.session));
    Ok(invitation.map(|invitation| Invited {
        invitation,
        guests,
        hosts,
        config,
    }))
}

pub(super) fn invitation_row(row: &Row) -> Result<InvitationRow, Error> {
    Ok(InvitationRow {
        id: row.parsed("id")?,
        household: row.parsed("household_id")?,
        token: row.parsed("token")?,
        created_at: row.time("created_at")?,
        valid_until: row.time("valid_until")?,
        revoked_at: row.opt_time("revoked_at")?,
        tied_at: row.opt_time("tied_at")?,
    })
}

pub(super) fn invited_guest(row: &Row) -> Result<InvitedGuest, Error> {
    Ok(InvitedGuest {
        side: row.opt_parsed("side")?,
        language: row.opt_parsed("language")?,
    })
}

pub(super) fn host(row: &Row) -> Result<Host, Error> {
    Ok(Host {
        session: row.parsed("name")?,
        number: row.opt_made("own_number")?,
    })
}
