//! The end of a slot that stays counted: when the message can have left at the latest, and the pause after it (design §6).
//!
//! The pause is drawn once, here, and stored: asking again must not draw again.

use domain::{
    Timestamp,
    release::{Gaps, gaps_after, hourly_limit},
};
use rand::Rng;

use crate::{
    Error,
    db::{Sql, Tx, args},
    facts_of_release::session_facts,
};

use super::{ends::Ending, queue_row::QueueRow, reservations};

const GAPS: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET automatic_gap_until = $2, reply_gap_until = $3 WHERE name = $1",
);

/// Ends the slot of the row's attempt and draws the pauses after it.
pub(super) async fn end(
    tx: &mut Tx,
    row: &QueueRow,
    ended_at: Timestamp,
    ending: &Ending<'_>,
    dice: &mut (impl Rng + Send),
) -> Result<(), Error> {
    let attempt = row.attempt.ok_or(Error::Corrupt {
        column: "attempt_id",
    })?;
    reservations::end(tx, attempt, ended_at).await?;
    let lane = reservations::lane(tx, attempt).await?;
    let session = session_facts(tx, &row.session, ending.now, ending.rules.day)
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })?;
    let per_hour = hourly_limit(&session, ending.rules, ending.now);
    let Gaps {
        automatic_until,
        reply_until,
    } = gaps_after(lane, ended_at, session.gaps, per_hour, ending.rules, dice);
    tx.execute_one(&GAPS, args![&row.session, automatic_until, reply_until])
        .await
}
