//! Making households: who is invited together, with one invitation that is in force.
//!
//! The rule that must hold: a household and its first invitation are made in one transaction.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use chrono::{Days, NaiveTime};
use domain::{Timestamp, ids::HouseholdId};
use serde::Serialize;

use super::households_sql::{
    ADD, BY_NAMES, INVITE, JsonHousehold, JsonInvitation, UNINVITED, WEDDING,
};
use crate::{
    Error, Store,
    db::{Tx, args},
    search_text::folded,
};

/// An invitation is good for so long after the wedding: thanks are said then, too.
const AFTER_THE_WEDDING: Days = Days::new(30);

/// How long it is good while nobody has said when the wedding is.
const WITHOUT_A_DATE: Duration = Duration::from_hours(365 * 24);

/// How many rows one statement brings: a file of guests makes tens of thousands, and each argument is in memory whole.
pub(super) const ROWS: usize = 5_000;

/// The name of a household as it is found by, whatever the case.
pub(super) fn key(name: &str) -> String {
    folded(name.trim())
}

impl Store {
    /// Invites the households that a migration made: it cannot throw the dice for a token.
    pub async fn ensure_invitations(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let rows = tx.all(&UNINVITED, Vec::new()).await?;
        let uninvited = rows.iter().map(|row| row.parsed("id"));
        let uninvited = uninvited.collect::<Result<Vec<_>, _>>()?;
        self.invite(&mut tx, &uninvited, None, now).await?;
        tx.commit().await
    }

    /// The household with that name, in capitals or not, made when there is none, in the caller's transaction.
    pub(crate) async fn household_named(
        &self,
        tx: &mut Tx,
        name: &str,
        now: Timestamp,
    ) -> Result<HouseholdId, Error> {
        let names = BTreeMap::from([(key(name), name.trim())]);
        let found = self.households_named(tx, &names, now).await?;
        let id = found.into_values().next();
        id.ok_or(Error::UnexpectedRows { touched: 0 })
    }

    /// The households with those names, each by its [`key`], made where there are none, in the caller's transaction.
    pub(super) async fn households_named(
        &self,
        tx: &mut Tx,
        names: &BTreeMap<String, &str>,
        now: Timestamp,
    ) -> Result<HashMap<String, HouseholdId>, Error> {
        let mut found = HashMap::new();
        find(tx, &mut found, names.keys()).await?;
        // sorted, so that two such calls wait for each other in the same order
        let missing = names.iter().filter(|(key, _)| !found.contains_key(*key));
        let missing: Vec<_> = missing.collect();
        let new = missing.iter().map(|(key, name)| JsonHousehold {
            id: self.ids.household(now),
            name: Some(name),
            folded: Some(key),
        });
        let new: Vec<_> = new.collect();
        self.add_households(tx, &new, now).await?;
        find(tx, &mut found, missing.into_iter().map(|(key, _)| key)).await?;
        Ok(found)
    }

    /// A household for somebody who is invited alone, in the caller's transaction.
    pub(crate) async fn household_alone(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<HouseholdId, Error> {
        let made = self.households_alone(tx, 1, now).await?;
        let id = made.into_iter().next();
        id.ok_or(Error::UnexpectedRows { touched: 0 })
    }

    /// Households for so many who are each invited alone, in the caller's transaction.
    pub(super) async fn households_alone(
        &self,
        tx: &mut Tx,
        count: usize,
        now: Timestamp,
    ) -> Result<Vec<HouseholdId>, Error> {
        let new = (0..count).map(|_| JsonHousehold {
            id: self.ids.household(now),
            name: None,
            folded: None,
        });
        let new: Vec<_> = new.collect();
        self.add_households(tx, &new, now).await?;
        Ok(new.into_iter().map(|household| household.id).collect())
    }

    /// Adds and invites them; a name that somebody else gave to theirs in this moment is left to them.
    async fn add_households(
        &self,
        tx: &mut Tx,
        new: &[JsonHousehold<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut added = Vec::with_capacity(new.len());
        for some in new.chunks(ROWS) {
            let rows = tx.all(&ADD, args![json(some)?, now]).await?;
            for row in rows {
                added.push(row.parsed("id")?);
            }
        }
        self.invite(tx, &added, None, now).await
    }

    /// Gives each household an invitation with a fresh token; they must have none in force. Without `valid_until` it is
    /// good until some weeks after the wedding.
    pub(crate) async fn invite(
        &self,
        tx: &mut Tx,
        households: &[HouseholdId],
        valid_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let valid_until = match valid_until {
            Some(at) => at,
            None => usual_end(tx, now).await?,
        };
        for some in households.chunks(ROWS) {
            let invitations = some.iter().map(|household| JsonInvitation {
                id: self.ids.invitation(now),
                household: *household,
                token: self.ids.invitation_token(),
            });
            let invitations = json(&invitations.collect::<Vec<_>>())?;
            tx.execute(&INVITE, args![invitations, now, valid_until])
                .await?;
        }
        Ok(())
    }
}

/// Adds the households of those names to `found`.
async fn find(
    tx: &mut Tx,
    found: &mut HashMap<String, HouseholdId>,
    keys: impl Iterator<Item = &String>,
) -> Result<(), Error> {
    let keys: Vec<_> = keys.collect();
    for some in keys.chunks(ROWS) {
        for row in tx.all(&BY_NAMES, args![json(some)?]).await? {
            found.insert(row.text("name_folded")?, row.parsed("id")?);
        }
    }
    Ok(())
}

/// Rows or ids as the one argument of a statement.
pub(super) fn json<T: Serialize>(rows: &[T]) -> Result<String, Error> {
    Ok(serde_json::to_string(rows)?)
}

async fn usual_end(tx: &mut Tx, now: Timestamp) -> Result<Timestamp, Error> {
    let row = tx.first(&WEDDING, Vec::new()).await?;
    let wedding: Option<chrono::NaiveDate> = match row {
        Some(row) => row.opt_parsed("wedding_date")?,
        None => None,
    };
    let end = wedding
        .and_then(|day| day.checked_add_days(AFTER_THE_WEDDING))
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    Ok(end.filter(|end| *end > now).unwrap_or(now + WITHOUT_A_DATE))
}
