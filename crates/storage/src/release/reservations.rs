//! The slots taken from the budget: held at the claim, counted from the commit, ended by WAHA's answer (design §6).
//!
//! The rule that must hold: a slot is given back only when it is proven that nothing left.

use domain::{
    Timestamp,
    ids::{AttemptId, ContactId, MessageId, ReservationId},
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
    Sql::both("UPDATE send_reservation SET raw_id = $2, snapshot = NULL WHERE attempt_id = $1");

/// Keeps WhatsApp's id of the send, also when the message goes on to another attempt. It is looked for by its words no more.
pub(crate) async fn learn_raw_id(
    tx: &mut Tx,
    attempt: AttemptId,
    raw_id: &str,
) -> Result<(), Error> {
    tx.execute(&LEARN_RAW_ID, args![attempt, raw_id]).await?;
    Ok(())
}

const KEEP_SNAPSHOT: Sql =
    Sql::both("UPDATE send_reservation SET snapshot = $2 WHERE attempt_id = $1");

/// Keeps what the chat held before an uncertain send, whose message goes again.
pub(crate) async fn keep_snapshot(
    tx: &mut Tx,
    attempt: AttemptId,
    snapshot: &[String],
) -> Result<(), Error> {
    let json = serde_json::to_string(snapshot)?;
    tx.execute(&KEEP_SNAPSHOT, args![attempt, json]).await?;
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

// A late answer tells of the moment at which the try ended.
const UNSENT: Sql = Sql::both(
    "UPDATE send_reservation SET state = 'abandoned', unsent_at = COALESCE(ended_at, $2) WHERE attempt_id = $1",
);

/// Gives the slot back, but counts the composition against the hour: a refused send. `at`: now.
pub(super) async fn unsent(tx: &mut Tx, attempt: AttemptId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&UNSENT, args![attempt, at]).await?;
    Ok(())
}

const UNSENT_IF_BEGUN: Sql = Sql::both(
    "UPDATE send_reservation SET unsent_at = $2 WHERE attempt_id = $1 AND begun_at IS NOT NULL",
);

/// Counts a composition that its session ended against the hour, if it had begun, typing or not; whether it had.
pub(super) async fn unsent_if_begun(
    tx: &mut Tx,
    attempt: AttemptId,
    at: Timestamp,
) -> Result<bool, Error> {
    Ok(tx.execute(&UNSENT_IF_BEGUN, args![attempt, at]).await? == 1)
}

const UNSENT_IF_SHOWN: Sql = Sql::both(
    "UPDATE send_reservation SET unsent_at = $2 WHERE attempt_id = $1 AND shown_at IS NOT NULL",
);

/// Counts a composition that broke off against the hour, if the guest saw "typing…".
pub(super) async fn unsent_if_shown(
    tx: &mut Tx,
    attempt: AttemptId,
    at: Timestamp,
) -> Result<(), Error> {
    tx.execute(&UNSENT_IF_SHOWN, args![attempt, at]).await?;
    Ok(())
}

const UNSENT_OF: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS unsent FROM send_reservation WHERE message_id = $1 AND unsent_at > $2",
);

/// How many tries of the message since then counted against the hour without a send.
pub(super) async fn unsent_of(tx: &mut Tx, of: MessageId, since: Timestamp) -> Result<u32, Error> {
    let counted = tx.first(&UNSENT_OF, args![of, since]).await?;
    counted.map_or(Ok(0), |counted| counted.count("unsent"))
}

const BEGIN: Sql = Sql::both(
    "UPDATE send_reservation SET begun_at = $2 WHERE attempt_id = $1 AND begun_at IS NULL",
);

/// The attempt can be seen since that time: the account is online, and their message is read.
pub(super) async fn begin(tx: &mut Tx, attempt: AttemptId, since: Timestamp) -> Result<(), Error> {
    tx.execute(&BEGIN, args![attempt, since]).await?;
    Ok(())
}

const SHOW: Sql = Sql::both(
    "UPDATE send_reservation SET shown_at = $2 WHERE attempt_id = $1 AND shown_at IS NULL",
);

/// The guest sees "typing…" for this attempt since that time.
pub(super) async fn show(tx: &mut Tx, attempt: AttemptId, since: Timestamp) -> Result<(), Error> {
    tx.execute(&SHOW, args![attempt, since]).await?;
    Ok(())
}

const SHOWN: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS shown FROM send_reservation
     WHERE contact_id = $1 AND shown_at IS NOT NULL",
);

/// How often the guest saw "typing…" from either spouse without a message of that spouse after it ([`forget_shown`]): it is one guest who
/// waits (design §6).
pub(super) async fn shown_in_vain(tx: &mut Tx, contact: ContactId) -> Result<u32, Error> {
    let counted = tx.first(&SHOWN, args![contact]).await?;
    counted.map_or(Ok(0), |counted| counted.count("shown"))
}

const FORGET_SHOWN: Sql = Sql::both(
    "UPDATE send_reservation SET shown_at = NULL
     WHERE contact_id = $1 AND session = $2 AND shown_at IS NOT NULL",
);

/// A message was sent to the guest: what they saw before it from that session was not in vain.
pub(crate) async fn forget_shown(tx: &mut Tx, row: &QueueRow) -> Result<(), Error> {
    tx.execute(&FORGET_SHOWN, args![row.contact, &row.session])
        .await?;
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
