//! The slots taken from the budget: held at the claim, counted from the commit, ended by WAHA's answer (design §6).
//!
//! The rule that must hold: a slot is given back only when it is proven that nothing left.

use domain::{
    Timestamp,
    ids::{AttemptId, ReservationId},
    lane::ReleaseLane,
};

use crate::{
    Error,
    db::{Sql, Tx, args},
};

use super::{asking::Leave, queue_row::QueueRow};

const HOLD: Sql = Sql::both(
    "INSERT INTO send_reservation (id, session, contact_id, message_id, attempt_id, lane, cold, state, taken_at, own_number)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'held', $8, $9)",
);

/// Holds a slot for an attempt that begins.
pub(super) async fn hold(
    tx: &mut Tx,
    id: ReservationId,
    row: &QueueRow,
    attempt: AttemptId,
    leave: &Leave,
    now: Timestamp,
) -> Result<(), Error> {
    let args = args![
        id,
        &row.session,
        row.contact,
        row.message,
        attempt,
        leave.lane,
        leave.cold,
        now,
        &leave.own_number
    ];
    tx.execute_one(&HOLD, args).await
}

const COMMIT: Sql = Sql::both(
    "UPDATE send_reservation SET state = 'committed', committed_at = $2, lane = $3, cold = $4, raw_id = $5
     WHERE attempt_id = $1 AND state = 'held'",
);

/// Counts the slot from the commit on, in the lane whose limits held then. `raw_id`: the id that we chose, if we could.
pub(super) async fn commit(
    tx: &mut Tx,
    attempt: AttemptId,
    leave: &Leave,
    raw_id: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let args = args![attempt, now, leave.lane, leave.cold, raw_id];
    tx.execute_one(&COMMIT, args).await
}

const LEARN_RAW_ID: Sql =
    Sql::both("UPDATE send_reservation SET raw_id = $2 WHERE attempt_id = $1");

/// Keeps WhatsApp's id of the send, also when the message goes on to another attempt.
pub(crate) async fn learn_raw_id(
    tx: &mut Tx,
    attempt: AttemptId,
    raw_id: &str,
) -> Result<(), Error> {
    tx.execute(&LEARN_RAW_ID, args![attempt, raw_id]).await?;
    Ok(())
}

const END: Sql = Sql::both(
    "UPDATE send_reservation SET ended_at = $2
     WHERE attempt_id = $1 AND state = 'committed' AND ended_at IS NULL",
);

/// The latest moment the message can have left.
pub(super) async fn end(tx: &mut Tx, attempt: AttemptId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&END, args![attempt, at]).await?;
    Ok(())
}

const ABANDON: Sql =
    Sql::both("UPDATE send_reservation SET state = 'abandoned' WHERE attempt_id = $1");

/// Gives the slot back: nothing left.
pub(super) async fn abandon(tx: &mut Tx, attempt: AttemptId) -> Result<(), Error> {
    tx.execute(&ABANDON, args![attempt]).await?;
    Ok(())
}

const LANE: Sql = Sql::both("SELECT lane FROM send_reservation WHERE attempt_id = $1");

/// The lane that the attempt's slot is counted in.
pub(super) async fn lane(tx: &mut Tx, attempt: AttemptId) -> Result<ReleaseLane, Error> {
    match tx.first(&LANE, args![attempt]).await? {
        Some(row) => row.parsed("lane"),
        None => Err(Error::UnexpectedRows { touched: 0 }),
    }
}
