//! Invitations renewed, prolonged and revoked by a person.
//!
//! The rule that must hold: a household never has two in force, and what was done is in the audit log without the token.

use domain::{Timestamp, ids::HouseholdId};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
};

/// What came of changing the invitation of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationChange {
    /// It is changed.
    Done,
    /// There is no such household.
    NoHousehold,
    /// Its invitation was revoked: there is none to change.
    NoneInForce,
}

const HOUSEHOLD: Sql = Sql::both("SELECT id FROM household WHERE id = $1");

const REVOKE: Sql = Sql::both(
    "UPDATE invitation SET revoked_at = $2 WHERE household_id = $1 AND revoked_at IS NULL",
);

const PROLONG: Sql = Sql::both(
    "UPDATE invitation SET valid_until = $2 WHERE household_id = $1 AND revoked_at IS NULL",
);

impl Store {
    /// Gives the household a new token and revokes the one before. Without `valid_until` it is good until some weeks after
    /// the wedding. Whether there is such a household.
    pub async fn renew_invitation(
        &self,
        household: HouseholdId,
        valid_until: Option<Timestamp>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if !lock_invitations(&mut tx, household).await? {
            return Ok(false);
        }
        tx.execute(&REVOKE, args![household, now]).await?;
        self.invite(&mut tx, &[household], valid_until, now).await?;
        let detail = valid_until.map(until);
        self.write_deed(&mut tx, actor, "invitation.renew", household, detail, now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Changes until when the household's invitation is good.
    pub async fn prolong_invitation(
        &self,
        household: HouseholdId,
        valid_until: Timestamp,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<InvitationChange, Error> {
        let mut tx = self.db.write().await?;
        if !lock_invitations(&mut tx, household).await? {
            return Ok(InvitationChange::NoHousehold);
        }
        if tx.execute(&PROLONG, args![household, valid_until]).await? == 0 {
            return Ok(InvitationChange::NoneInForce);
        }
        let detail = Some(until(valid_until));
        self.write_deed(&mut tx, actor, "invitation.prolong", household, detail, now)
            .await?;
        tx.commit().await?;
        Ok(InvitationChange::Done)
    }

    /// Revokes the household's invitation: from now on its token is nobody's.
    pub async fn revoke_invitation(
        &self,
        household: HouseholdId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<InvitationChange, Error> {
        let mut tx = self.db.write().await?;
        if !lock_invitations(&mut tx, household).await? {
            return Ok(InvitationChange::NoHousehold);
        }
        if tx.execute(&REVOKE, args![household, now]).await? == 0 {
            return Ok(InvitationChange::NoneInForce);
        }
        self.write_deed(&mut tx, actor, "invitation.revoke", household, None, now)
            .await?;
        tx.commit().await?;
        Ok(InvitationChange::Done)
    }

    /// The audit log names the household: the invitation's token is a secret, and its id is shown nowhere.
    async fn write_deed(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        household: HouseholdId,
        detail: Option<String>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let deed = Deed {
            action,
            subject: &household.to_string(),
            detail: detail.as_deref(),
        };
        self.write_audit(tx, actor, deed, now).await
    }
}

/// Makes changes of invitations take turns, so that no household has two in force, and none is left while its invitation is
/// changed. Whether there is such a household.
async fn lock_invitations(tx: &mut Tx, household: HouseholdId) -> Result<bool, Error> {
    locks::lock_guest_list(tx).await?;
    Ok(tx.first(&HOUSEHOLD, args![household]).await?.is_some())
}

fn until(valid_until: Timestamp) -> String {
    format!("valid until {}", valid_until.to_rfc3339())
}
