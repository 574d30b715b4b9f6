//! The ways back into the queue: a composition that ended before its commit, and a commit that provably sent nothing.
//!
//! The rule that must hold: the slot is given back in the same transaction, unless WhatsApp saw the try, and whoever waited for this attempt is woken.

use domain::{Timestamp, message_status::Verb, wait::Wait};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
    timeline::NewEvent,
    wait_columns::{eligible_at, ends_code},
};

use super::{queue_row::QueueRow, reservations, waits};

/// How a message goes back.
pub(super) struct Again<'a> {
    /// What happened: `release` or `put_back`.
    pub(super) verb: Verb,
    /// What it waits for by itself; `None`: it is due at once, in its old place.
    pub(super) wait: Option<Wait>,
    /// For the timeline.
    pub(super) why: &'a str,
    /// Whether the try is not counted, because nothing about the message ended it.
    pub(super) uncounted: bool,
    /// Whether the slot stays counted, because WhatsApp saw the try.
    pub(super) keeps_slot: bool,
}

impl<'a> Again<'a> {
    /// Before the commit, and through nothing about the message.
    pub(super) const fn released(wait: Option<Wait>, why: &'a str) -> Self {
        Self {
            verb: Verb::Release,
            wait,
            why,
            uncounted: true,
            keeps_slot: false,
        }
    }
}

const TO_PENDING: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, due = $3, eligible_at = $4, wait_reason = $5, wait_ends = $6, attempts = attempts - $7,
         committed_at = NULL, client_raw_id = NULL, snapshot = NULL,
         uncertain_since = NULL, looked = 0, next_look_at = NULL
     WHERE id = $1",
);

impl Store {
    /// Puts the row of an attempt back into the queue.
    pub(super) async fn to_pending(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        again: Again<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let wait = again.wait;
        let args = args![
            row.message,
            row.after(again.verb)?,
            wait.is_none(),
            wait.and_then(|wait| eligible_at(wait.ends)),
            wait.map(|wait| wait.reason),
            wait.map(|wait| ends_code(wait.ends)),
            again.uncounted
        ];
        tx.execute_one(&TO_PENDING, args).await?;
        let event = NewEvent {
            detail: Some(again.why),
            ..NewEvent::new(again.verb.as_str(), now)
        };
        self.write_event(tx, row.message, event).await?;
        if let Some(attempt) = row.attempt.filter(|_| !again.keeps_slot) {
            reservations::abandon(tx, attempt).await?;
        }
        self.after_any_end(tx, row, now).await
    }

    /// What follows from every end of an attempt: parked messages of ours are explained or were typed by hand, and what waited for
    /// the end is looked at again. To be called when the row has its new status.
    pub(crate) async fn after_any_end(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        now: Timestamp,
    ) -> Result<(), Error> {
        locks::take_turn(tx, row.contact).await?;
        self.explain_parked(tx, row.session_number(), row.contact, "event", now)
            .await?;
        waits::wake_held_back(tx, row.contact, row.message).await
    }
}
