//! All invitations in force at once, for a sheet of cards. Reading only.

use std::collections::HashMap;

use domain::{ids::HouseholdId, invitation::InvitedGuest};

use super::invitations::{HOSTS, Invited, host, invitation_row, invited_guest};
use crate::{
    Error, Store,
    config::read_config,
    db::{Sql, Tx, args},
};

const IN_FORCE: Sql = Sql::both(
    "SELECT id, household_id, token, created_at, valid_until, revoked_at, tied_at FROM invitation
     WHERE revoked_at IS NULL",
);

const GUESTS: Sql =
    Sql::both("SELECT household_id, side, language FROM guest ORDER BY created_at, id");

impl Store {
    /// The invitation of each household that is not revoked, with what it is written from, all of one moment.
    pub async fn invitations(&self) -> Result<HashMap<HouseholdId, Invited>, Error> {
        let mut tx = self.db.read().await?;
        let invitations = tx.all(&IN_FORCE, args![]).await?;
        let mut guests = guests(&mut tx).await?;
        let hosts = tx.all(&HOSTS, args![]).await?;
        let mut hosts = hosts.iter().map(host).collect::<Result<Vec<_>, _>>()?;
        hosts.sort_unstable_by(|a, b| a.session.cmp(&b.session));
        let (config, _) = read_config(&mut tx).await?;
        let mut all = HashMap::with_capacity(invitations.len());
        for row in &invitations {
            let invitation = invitation_row(row)?;
            let household = invitation.household;
            let invited = Invited {
                invitation,
                guests: guests.remove(&household).unwrap_or_default(),
                hosts: hosts.clone(),
                config: config.clone(),
            };
            all.insert(household, invited);
        }
        Ok(all)
    }
}

async fn guests(tx: &mut Tx) -> Result<HashMap<HouseholdId, Vec<InvitedGuest>>, Error> {
    let mut guests: HashMap<_, Vec<_>> = HashMap::new();
    for row in tx.all(&GUESTS, args![]).await? {
        let household = row.parsed("household_id")?;
        guests
            .entry(household)
            .or_default()
            .push(invited_guest(&row)?);
    }
    Ok(guests)
}
