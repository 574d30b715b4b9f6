//! What a row waits for by itself, written to the row: so it leaves the claim's index until a time, an event or a person.
//!
//! Waits of the whole session are never written here: a million rows must not be touched because it is night.

use std::time::Duration;

use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    session::SessionName,
    wait::{Ends, Wait, WaitReason},
};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
    wait_columns::{eligible_at, ends_code},
};

const SET_ASIDE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 0, eligible_at = $2, wait_reason = $3, wait_ends = $4
     WHERE id = $1 AND status = 'pending'",
);

/// Takes a pending row out of the claim's sight until `wait` ends.
pub(crate) async fn set_aside(tx: &mut Tx, message: MessageId, wait: Wait) -> Result<(), Error> {
    let args = args![
        message,
        eligible_at(wait.ends),
        wait.reason,
        ends_code(wait.ends)
    ];
    tx.execute_one(&SET_ASIDE, args).await
}

/// The same wait, ending early enough that a composition of this length is done when the wait is over; not in the past.
pub(super) fn started_early(wait: Wait, length: Duration, now: Timestamp) -> Wait {
    let ends = match wait.ends {
        Ends::At(at) if !wait.reason.is_shared() => Ends::At((at - length).max(now)),
        other => other,
    };
    Wait { ends, ..wait }
}

/// A claim promotes at most so many rows: its cost must not depend on how many became due at once.
const PROMOTED_AT_ONCE: i64 = 500;

macro_rules! promote {
    ($lock:literal) => {
        concat!(
            "UPDATE whatsapp_message_queue
             SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
             WHERE id IN (SELECT id FROM whatsapp_message_queue
                          WHERE session = $1 AND status = 'pending' AND due = 0 AND eligible_at IS NOT NULL
                            AND eligible_at <= $2
                          ORDER BY eligible_at LIMIT $3",
            $lock,
            ")"
        )
    };
}

// A locked row is just being woken or changed: the next claim finds it.
const PROMOTE: Sql = Sql::each(promote!(""), promote!(" FOR NO KEY UPDATE SKIP LOCKED"));

/// Sets rows due whose time has come, the longest overdue first.
pub(super) async fn promote(
    tx: &mut Tx,
    session: &SessionName,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(&PROMOTE, args![session, now, PROMOTED_AT_ONCE])
        .await?;
    Ok(())
}

const NEXT: Sql = Sql::both(
    "SELECT eligible_at FROM whatsapp_message_queue
     WHERE session = $1 AND status = 'pending' AND due = 0 AND eligible_at IS NOT NULL
     ORDER BY eligible_at LIMIT 1",
);

/// When the next waiting row of the session becomes due.
pub(super) async fn next_eligible(
    tx: &mut Tx,
    session: &SessionName,
) -> Result<Option<Timestamp>, Error> {
    match tx.first(&NEXT, args![session]).await? {
        Some(row) => row.opt_time("eligible_at"),
        None => Ok(None),
    }
}

// On every session: order is per contact (design §4). SQLite would read all that waits to the contact.
macro_rules! wake_held_back {
    ($index:literal) => {
        concat!(
            "UPDATE whatsapp_message_queue ",
            $index,
            " SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
             WHERE contact_id = $1 AND status = 'pending' AND due = 0 AND id <> $2
               AND (wait_ends = 'event:earlier_ends' OR wait_reason = 'earlier_uncertain')"
        )
    };
}

const WAKE_HELD_BACK: Sql = Sql::each(
    wake_held_back!("INDEXED BY queue_held_back"),
    wake_held_back!(""),
);

/// A message to the contact ended, well or not: what it held back is looked at again. The caller has taken the contact's turn: another
/// session's claim may be deciding to wait for this end, and its decision is committed before, or made after.
pub(crate) async fn wake_held_back(
    tx: &mut Tx,
    contact: ContactId,
    ended: MessageId,
) -> Result<(), Error> {
    tx.execute(&WAKE_HELD_BACK, args![contact, ended]).await?;
    Ok(())
}

// A session's transaction and one that holds a contact's turn may wake the same rows: each locks them in the same order.
macro_rules! look_again {
    ($which:literal) => {
        Sql::each(
            look_again!($which, ""),
            look_again!($which, " ORDER BY id FOR NO KEY UPDATE"),
        )
    };
    ($which:literal, $lock:literal) => {
        concat!(
            "UPDATE whatsapp_message_queue
             SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
             WHERE id IN (SELECT id FROM whatsapp_message_queue WHERE status = 'pending' AND due = 0 AND ",
            $which,
            $lock,
            ")"
        )
    };
}

// What a number, the zone or the hours of the configuration decided.
const BY_SETTINGS: Sql = look_again!(
    "session = $1
     AND wait_reason IN ('cool_down', 'contact_hour_limit', 'unanswered_limit', 'contact_cold', 'quiet_hours', 'hand_typed')"
);

// A fresh reply may go at night. One that became too old for that while the session was stopped is decided again.
const AT_NIGHT: Sql =
    look_again!("session = $1 AND eligible_at IS NOT NULL AND wait_reason = 'quiet_hours'");

// What a person wants sent now waits for the end of a lock by itself, because replies beside it may go.
const LOCKED: Sql = look_again!("session = $1 AND wait_reason = 'session_locked'");

const CAPPED: Sql = look_again!(
    "session = $1 AND eligible_at IS NOT NULL AND wait_reason = 'announcements_capped'"
);

// Counted by number, so on each session.
const FEWER_UNANSWERED: Sql = look_again!("contact_id = $1 AND wait_reason = 'unanswered_limit'");

/// Fewer messages to the contact are without an answer than were: what waits for that is looked at again, on every session. The caller
/// has taken the contact's turn.
pub(crate) async fn fewer_unanswered(tx: &mut Tx, contact: ContactId) -> Result<(), Error> {
    tx.execute(&FEWER_UNANSWERED, args![contact]).await?;
    Ok(())
}

/// The session may send again, earlier than was known: what would have been too late is looked at again. The caller holds the
/// session's lock.
pub(crate) async fn session_is_free(tx: &mut Tx, session: &SessionName) -> Result<(), Error> {
    tx.execute(&AT_NIGHT, args![session]).await?;
    tx.execute(&LOCKED, args![session]).await?;
    Ok(())
}

/// WhatsApp caps the number's messages less than it did: announcements that waited for that are looked at again. The caller holds the
/// session's lock.
pub(crate) async fn announcements_are_free(
    tx: &mut Tx,
    session: &SessionName,
) -> Result<(), Error> {
    tx.execute(&CAPPED, args![session]).await?;
    Ok(())
}

impl Store {
    /// Looks again at what the settings made wait: claims before may have decided by older settings than there are now.
    pub async fn look_again(&self, session: &SessionName) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        locks::lock_session(&mut tx, session).await?;
        tx.execute(&BY_SETTINGS, args![session]).await?;
        tx.commit().await
    }
}

// No reply waits for the retry of an earlier one (docs/design.md, "Order").
const EARLIER_SIBLING: Sql = Sql::both(
    "SELECT wait_reason, eligible_at FROM whatsapp_message_queue
     WHERE contact_id = $1 AND session = $2 AND status = 'pending' AND due = 0
       AND rank = $3 AND priority = $4 AND id < $5
       AND (eligible_at <= $6 OR rank = 2 AND wait_reason IN ('back_off', 'abandoned'))
       AND eligible_at IS NOT NULL AND wait_reason IS NOT NULL AND wait_reason <> 'not_before'
     ORDER BY eligible_at DESC, id LIMIT 1",
);

/// The longest wait of an earlier message of the same contact and priority that will have ended at `at`, or that ends with another try
/// of it. The later message must wait for it too: a longer text starts earlier, and would overtake. One that is scheduled for later is
/// not overtaken.
pub(super) async fn earlier_sibling(
    tx: &mut Tx,
    row: &super::queue_row::QueueRow,
    at: Timestamp,
) -> Result<Option<Wait>, Error> {
    let args = args![
        row.contact,
        &row.session,
        row.rank,
        row.priority,
        row.message,
        at
    ];
    let Some(found) = tx.first(&EARLIER_SIBLING, args).await? else {
        return Ok(None);
    };
    let reason: WaitReason = found.parsed("wait_reason")?;
    Ok(Some(Wait::at(
        reason.of_later(),
        found.time("eligible_at")?,
    )))
}

const EARLIER_DUE: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE session = $1 AND rank = $2 AND status = 'pending' AND due = 1 AND priority = $3 AND id < $4 AND contact_id = $5
     LIMIT 1",
);

/// Whether an earlier message of the same contact and priority is due: it became due after the claim had read its candidates.
pub(super) async fn earlier_is_due(
    tx: &mut Tx,
    row: &super::queue_row::QueueRow,
) -> Result<bool, Error> {
    let args = args![
        &row.session,
        row.rank,
        row.priority,
        row.message,
        row.contact
    ];
    Ok(tx.first(&EARLIER_DUE, args).await?.is_some())
}
