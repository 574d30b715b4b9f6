//! The end of a slot that stays counted: when the message can have left at the latest, and the pause after it (design §6).
//!
//! The pause is drawn once, here, and stored: asking again must not draw again.

use domain::{
    Timestamp,
    release::{gaps_after, hourly_limit},
};
use rand::Rng;

use crate::{Error, db::Tx, facts_of_release::session_facts, session_number};

use super::{ends::Ending, queue_row::QueueRow, reservations};

/// Ends the slot of the row's attempt and draws the pauses after it, of the number that the attempt was decided for.
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
    let of = row.session_number();
    let before = session_number::holds(tx, of.number).await?.gaps;
    let gaps = gaps_after(lane, ended_at, before, per_hour, ending.rules, dice);
    session_number::keep_gaps(tx, of, gaps).await
}
