//! Households: who is invited together, with one invitation that is in force.
//!
//! The rule that must hold: a household and its first invitation are made in one transaction.

use std::time::Duration;

use chrono::{Days, NaiveTime};
use domain::{Timestamp, ids::HouseholdId};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    search_text::folded,
};

/// An invitation is good for so long after the wedding: thanks are said then, too.
const AFTER_THE_WEDDING: Days = Days::new(30);

/// How long it is good while nobody has said when the wedding is.
const WITHOUT_A_DATE: Duration = Duration::from_hours(365 * 24);

const BY_NAME: Sql = Sql::both("SELECT id FROM household WHERE name_folded = $1");

// Made by somebody else in this moment: theirs is taken.
const ADD: Sql = Sql::both(
    "INSERT INTO household (id, name, name_folded, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name_folded) DO NOTHING",
);

const INVITE: Sql = Sql::both(
    "INSERT INTO invitation (id, household_id, token, created_at, valid_until) VALUES ($1, $2, $3, $4, $5)",
);

const UNINVITED: Sql = Sql::both(
    "SELECT h.id FROM household h WHERE NOT EXISTS (SELECT 1 FROM invitation i WHERE i.household_id = h.id)",
);

const WEDDING: Sql = Sql::both("SELECT wedding_date FROM global_config WHERE id = 1");

impl Store {
    /// Invites the households that a migration made: it cannot throw the dice for a token.
    pub async fn ensure_invitations(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        for row in tx.all(&UNINVITED, Vec::new()).await? {
            self.invite(&mut tx, row.parsed("id")?, None, now).await?;
        }
        tx.commit().await
    }

    /// The household with that name, in capitals or not, made when there is none, in the caller's transaction.
    pub(crate) async fn household_named(
        &self,
        tx: &mut Tx,
        name: &str,
        now: Timestamp,
    ) -> Result<HouseholdId, Error> {
        let (name, key) = (name.trim(), folded(name.trim()));
        if let Some(row) = tx.first(&BY_NAME, args![&key]).await? {
            return row.parsed("id");
        }
        let id = self.ids.household(now);
        if tx.execute(&ADD, args![id, name, &key, now]).await? == 1 {
            self.invite(tx, id, None, now).await?;
            return Ok(id);
        }
        let row = tx.first(&BY_NAME, args![&key]).await?;
        row.ok_or(Error::UnexpectedRows { touched: 0 })?
            .parsed("id")
    }

    /// A household for somebody who is invited alone, in the caller's transaction.
    pub(crate) async fn household_alone(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<HouseholdId, Error> {
        let id = self.ids.household(now);
        let args = args![id, None::<String>, None::<String>, now];
        tx.execute_one(&ADD, args).await?;
        self.invite(tx, id, None, now).await?;
        Ok(id)
    }

    /// Gives the household an invitation with a fresh token; it must have none in force. Without `valid_until` it is good
    /// until some weeks after the wedding.
    pub(crate) async fn invite(
        &self,
        tx: &mut Tx,
        household: HouseholdId,
        valid_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let valid_until = match valid_until {
            Some(at) => at,
            None => usual_end(tx, now).await?,
        };
        let args = args![
            self.ids.invitation(now),
            household,
            self.ids.invitation_token(),
            now,
            valid_until
        ];
        tx.execute_one(&INVITE, args).await
    }
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
