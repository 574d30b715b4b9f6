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
};

const READ: Sql = Sql::both(
    "SELECT o.refusal, o.since, o.failures, o.contacts, o.lost, o.stopped_at, o.probes, o.next_try_at, o.permitted
     FROM whatsapp_session_status s
     JOIN send_outage o ON o.session = s.name AND o.own_number = COALESCE(s.own_number, '')
     WHERE s.name = $1",
);

const KEEP: Sql = Sql::both(
    "INSERT INTO send_outage
         (session, own_number, refusal, since, failures, contacts, lost, stopped_at, probes, next_try_at, permitted)
     SELECT s.name, COALESCE(s.own_number, ''), $2, $3, $4, $5, $6, $7, $8, $9, $10
     FROM whatsapp_session_status s WHERE s.name = $1
     ON CONFLICT (session, own_number) DO UPDATE
     SET refusal = excluded.refusal, since = excluded.since, failures = excluded.failures, contacts = excluded.contacts,
         lost = excluded.lost, stopped_at = excluded.stopped_at, probes = excluded.probes,
         next_try_at = excluded.next_try_at, permitted = excluded.permitted",
);

const END: Sql = Sql::both(
    "DELETE FROM send_outage
     WHERE session = $1
       AND own_number = (SELECT COALESCE(s.own_number, '') FROM whatsapp_session_status s WHERE s.name = $1)",
);

const WAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE session = $1 AND status = 'pending' AND due = 0 AND eligible_at IS NOT NULL AND eligible_at <= $2
       AND wait_reason = 'back_off'",
);

/// No message backs off for longer.
const LONGEST_BACK_OFF: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// The outage of the number that is linked now; `None`: its last send did not fail.
pub(crate) async fn read(tx: &mut Tx, session: &SessionName) -> Result<Option<Outage>, Error> {
    let row = tx.first(&READ, args![session]).await?;
    row.as_ref().map(outage).transpose()
}

/// Stores the outage.
pub(crate) async fn keep(tx: &mut Tx, session: &SessionName, outage: &Outage) -> Result<(), Error> {
    let args = args![
        session,
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
    session: &SessionName,
    failure: &SendFailure,
    rules: &ReleaseRules,
) -> Result<(), Error> {
    let before = read(tx, session).await?;
    keep(tx, session, &Outage::after(before, failure, rules)).await
}

/// A message that was committed at that time was sent. The outage ends, unless it began later.
pub(crate) async fn succeeded(
    tx: &mut Tx,
    session: &SessionName,
    committed_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(outage) = read(tx, session).await? else {
        return Ok(());
    };
    if committed_at.is_some_and(|at| at < outage.since) {
        return Ok(());
    }
    tx.execute(&END, args![session]).await?;
    wake_backed_off(tx, session, now).await
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
