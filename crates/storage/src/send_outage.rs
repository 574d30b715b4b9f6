//! The stored outage of a session's number: its failed sends since the last success (`domain::release::Outage`).
//!
//! The rules that must hold: callers hold the session's lock; an outage belongs to the number whose sends failed.

use domain::{
    Timestamp,
    release::{Outage, ReleaseRules, SendFailure},
    session::SessionName,
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    session_number::SessionNumber,
};

const READ: Sql = Sql::both(
    "SELECT refusal, since, failures, contacts, lost, stopped_at, probes, next_try_at, permitted FROM send_outage
     WHERE session = $1 AND own_number = $2",
);

const KEEP: Sql = Sql::both(
    "INSERT INTO send_outage
         (session, own_number, refusal, since, failures, contacts, lost, stopped_at, probes, next_try_at, permitted)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (session, own_number) DO UPDATE
     SET refusal = excluded.refusal, since = excluded.since, failures = excluded.failures, contacts = excluded.contacts,
         lost = excluded.lost, stopped_at = excluded.stopped_at, probes = excluded.probes,
         next_try_at = excluded.next_try_at, permitted = excluded.permitted",
);

const END: Sql = Sql::both("DELETE FROM send_outage WHERE session = $1 AND own_number = $2");

const WAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE session = $1 AND status = 'pending' AND due = 0 AND eligible_at IS NOT NULL AND eligible_at <= $2
       AND wait_reason = 'back_off'",
);

/// No message backs off for longer; it bounds what `WAKE` reads.
const LONGEST_BACK_OFF: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// The outage of that number; `None`: its last send did not fail.
pub(crate) async fn read(tx: &mut Tx, of: SessionNumber<'_>) -> Result<Option<Outage>, Error> {
    let row = tx.first(&READ, args![of.session, of.number]).await?;
    row.as_ref().map(outage).transpose()
}

/// Stores the outage.
pub(crate) async fn keep(tx: &mut Tx, of: SessionNumber<'_>, outage: &Outage) -> Result<(), Error> {
    let args = args![
        of.session,
        of.number,
        outage.refusal,
        outage.since,
        outage.failures,
        serde_json::to_string(&outage.contacts)?,
        outage.lost,
        outage.stopped_at,
        outage.probes,
        outage.next_try_at,
        outage.permitted
    ];
    tx.execute_one(&KEEP, args).await
}

/// Counts one more failed send.
pub(crate) async fn failed(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    failure: &SendFailure,
    rules: &ReleaseRules,
) -> Result<(), Error> {
    let before = read(tx, of).await?;
    keep(tx, of, &Outage::after(before, failure, rules)).await
}

/// A message that was committed at that time was sent. The outage ends, unless it began later.
pub(crate) async fn succeeded(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    committed_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(outage) = read(tx, of).await? else {
        return Ok(());
    };
    if committed_at.is_some_and(|at| at < outage.since) {
        return Ok(());
    }
    tx.execute(&END, args![of.session, of.number]).await?;
    wake_backed_off(tx, of.session, now).await
}

/// Messages of the session whose last try was refused are looked at again.
pub(crate) async fn wake_backed_off(
    tx: &mut Tx,
    session: &SessionName,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(&WAKE, args![session, now + LONGEST_BACK_OFF])
        .await?;
    Ok(())
}

fn outage(row: &Row) -> Result<Outage, Error> {
    Ok(Outage {
        refusal: row.parsed("refusal")?,
        since: row.time("since")?,
        failures: row.count("failures")?,
        contacts: serde_json::from_str(&row.text("contacts")?)?,
        lost: row.count("lost")?,
        stopped_at: row.opt_time("stopped_at")?,
        probes: row.count("probes")?,
        next_try_at: row.opt_time("next_try_at")?,
        permitted: row.flag("permitted")?,
    })
}
