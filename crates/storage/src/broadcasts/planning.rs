//! Who would get what, read at one moment: the guest list and its contacts in three statements, whatever their number.

use std::{collections::HashMap, time::Duration};

use domain::{
    Timestamp,
    broadcast::{Candidate, Known, Plan, Planning},
    ids::{BroadcastId, ContactId},
    session::SessionName,
};

use super::row::{BroadcastRow, find};
use crate::{
    Error, Store,
    config::read_config,
    db::{Row, Sql, Tx, args},
};

/// A broadcast and who would get what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastPlan {
    /// The broadcast.
    pub row: BroadcastRow,
    /// Who would get what if it were started now; of one that was started, who of the audience has no copy.
    pub plan: Plan,
}

const GUESTS: Sql = Sql::both(
    "SELECT g.id, g.name, g.side, g.language, g.household_id, h.name AS household, g.contact_id
     FROM guest g JOIN household h ON h.id = g.household_id ORDER BY g.id",
);

const CONTACTS: Sql = Sql::both(
    "SELECT c.id, c.phone, c.opted_out_at, c.suspended_at,
            (SELECT q.id FROM whatsapp_message_queue q WHERE q.broadcast_id = $1 AND q.contact_id = c.id) AS copy_id
     FROM contact c WHERE c.id IN (SELECT g.contact_id FROM guest g)",
);

const SESSIONS: Sql = Sql::both(
    "SELECT s.contact_id, s.session, s.last_in_at, s.last_out_at, s.hand_typed_at,
            CASE WHEN s.own_number = l.own_number THEN s.evidence_id END AS evidence_id
     FROM contact_session s JOIN whatsapp_session_status l ON l.name = s.session
     WHERE s.contact_id IN (SELECT g.contact_id FROM guest g)",
);

impl Store {
    /// A broadcast and who would get what of it from these sessions; `None`: there is no such broadcast.
    pub async fn broadcast_plan(
        &self,
        id: BroadcastId,
        sessions: &[SessionName],
        now: Timestamp,
    ) -> Result<Option<BroadcastPlan>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = find(&mut tx, id).await? else {
            return Ok(None);
        };
        let plan = plan(&mut tx, &row, sessions, now).await?;
        Ok(Some(BroadcastPlan { row, plan }))
    }
}

/// Who would get what, in the caller's transaction.
pub(super) async fn plan(
    tx: &mut Tx,
    row: &BroadcastRow,
    sessions: &[SessionName],
    now: Timestamp,
) -> Result<Plan, Error> {
    let (config, _) = read_config(tx).await?;
    let guests = tx.all(&GUESTS, Vec::new()).await?;
    let guests = guests
        .iter()
        .map(candidate)
        .collect::<Result<Vec<_>, _>>()?;
    let contacts = contacts(tx, row.id).await?;
    let planning = Planning {
        template: &row.template,
        audience: &row.audience,
        sessions,
        default_session: &row.session,
        language: config.language,
        cold_after: Duration::from_hours(24 * u64::from(config.limits.cold_after_days)),
        now,
    };
    Ok(Plan::new(planning, &guests, &contacts))
}

async fn contacts(tx: &mut Tx, broadcast: BroadcastId) -> Result<HashMap<ContactId, Known>, Error> {
    let rows = tx.all(&CONTACTS, args![broadcast]).await?;
    let known = |row: &Row| Ok((row.parsed("id")?, known(row)?));
    let mut contacts = rows
        .iter()
        .map(known)
        .collect::<Result<HashMap<_, _>, Error>>()?;
    for row in tx.all(&SESSIONS, Vec::new()).await? {
        let Some(known) = contacts.get_mut(&row.parsed("contact_id")?) else {
            continue;
        };
        if row.opt_text("evidence_id")?.is_some() {
            known
                .wrote
                .push((row.parsed("session")?, row.time("last_in_at")?));
        }
        known.sent_before |= row.opt_time("last_out_at")?.is_some();
        known.sent_before |= row.opt_time("hand_typed_at")?.is_some();
    }
    Ok(contacts)
}

fn candidate(row: &Row) -> Result<Candidate, Error> {
    Ok(Candidate {
        guest: row.parsed("id")?,
        name: row.text("name")?,
        side: row.opt_parsed("side")?,
        language: row.opt_parsed("language")?,
        household: row.parsed("household_id")?,
        household_name: row.opt_text("household")?,
        contact: row.opt_parsed("contact_id")?,
    })
}

fn known(row: &Row) -> Result<Known, Error> {
    Ok(Known {
        phone: row.opt_made("phone")?,
        opted_out_at: row.opt_time("opted_out_at")?,
        suspended_at: row.opt_time("suspended_at")?,
        has_copy: row.opt_text("copy_id")?.is_some(),
        wrote: Vec::new(),
        sent_before: false,
    })
}
