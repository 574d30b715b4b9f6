//! Proofs about a send that a person has had tried again since: to WhatsApp the second one is another message.
//!
//! The rule that must hold: what turns out to have arrived does not go a second time, as long as it has not gone (design §1, promise 2).

use domain::{
    Timestamp,
    ids::{AttemptId, MessageId},
    message_status::{MessageStatus, Verb},
    session::SessionName,
};

use super::{
    contact_refusals,
    queue_row::{self, QueueRow, queue_rows},
    reservations,
};
use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    locks,
    settling::count_sent,
    timeline::NewEvent,
};

/// A send that went out, of a message that is at another attempt now, or at none.
pub(crate) struct EarlierSend {
    /// The message as it is now.
    pub(crate) row: QueueRow,
    attempt: AttemptId,
    own_number: String,
    raw_id: Option<String>,
    committed_at: Timestamp,
    /// The latest moment it can have left, as far as it is known.
    ended_at: Option<Timestamp>,
    /// The message was edited since: this send said something else.
    other_text: bool,
}

impl EarlierSend {
    /// The same send, which has that id of WhatsApp's.
    pub(crate) fn known_as(self, raw_id: String) -> Self {
        Self {
            raw_id: Some(raw_id),
            ..self
        }
    }
}

const BY_RAW_ID: Sql = Sql::both(
    "SELECT message_id, attempt_id, own_number, raw_id, committed_at, ended_at, body FROM send_reservation
     WHERE session = $1 AND raw_id = $2 AND state = 'committed' ORDER BY id DESC LIMIT 1",
);

const BY_ATTEMPT: Sql = Sql::both(
    "SELECT message_id, attempt_id, own_number, raw_id, committed_at, ended_at, body FROM send_reservation
     WHERE session = $1 AND attempt_id = $2 AND committed_at IS NOT NULL",
);

// Without its evidence it is of somebody who was erased: nothing more is told of it.
const BY_ID: Sql = queue_rows!("WHERE q.id = $1 AND q.evidence_id IS NOT NULL");

const ARRIVED: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, version = version + 1, due = 0, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL,
         attempt_id = $3, committed_at = $4, sent_at = $5, raw_id = NULL, client_raw_id = NULL, snapshot = NULL,
         ack = NULL, delivered_at = NULL, read_at = NULL, last_error = NULL, cancel_reason = NULL
     WHERE id = $1",
);

// Of a refused message it was counted when it was sent. What earlier versions kept of the contact has no number.
const COUNT: Sql = count_sent!("IN ($4, '')");

const NOT_REFUSED: Sql =
    Sql::both("DELETE FROM send_refusal WHERE session = $1 AND message_id = $2");

/// Takes a refusal of the message back; whether there was one.
pub(crate) async fn forget_refusal(
    tx: &mut Tx,
    session: &SessionName,
    message: MessageId,
) -> Result<bool, Error> {
    Ok(tx.execute(&NOT_REFUSED, args![session, message]).await? > 0)
}

const TOLD: Sql =
    Sql::both("SELECT id FROM whatsapp_message_event WHERE message_id = $1 AND phase = $2 LIMIT 1");

/// The earlier send with that id of WhatsApp's. Not the newest of a message whose end is still to come, or is known.
pub(crate) async fn earlier_send(
    tx: &mut Tx,
    session: &SessionName,
    raw_id: &str,
) -> Result<Option<EarlierSend>, Error> {
    let found = tx.first(&BY_RAW_ID, args![session, raw_id]).await?;
    read(tx, found).await
}

/// The earlier send that this attempt was.
pub(super) async fn earlier_attempt(
    tx: &mut Tx,
    session: &SessionName,
    attempt: AttemptId,
) -> Result<Option<EarlierSend>, Error> {
    let found = tx.first(&BY_ATTEMPT, args![session, attempt]).await?;
    read(tx, found).await
}

pub(super) async fn read(tx: &mut Tx, found: Option<Row>) -> Result<Option<EarlierSend>, Error> {
    use MessageStatus::{Cancelled, Failed, Pending};
    let Some(found) = found else {
        return Ok(None);
    };
    let message: MessageId = found.parsed("message_id")?;
    let attempt = found.parsed("attempt_id")?;
    let row = queue_row::first(tx, &BY_ID, args![message]).await?;
    let row = row.filter(|row| {
        row.attempt != Some(attempt) || matches!(row.status, Pending | Failed | Cancelled)
    });
    let Some(row) = row else { return Ok(None) };
    let said = found.opt_text("body")?;
    Ok(Some(EarlierSend {
        other_text: said.is_some_and(|said| said != row.text.as_str()),
        row,
        attempt,
        own_number: found.text("own_number")?,
        raw_id: found.opt_text("raw_id")?,
        committed_at: found.time("committed_at")?,
        ended_at: found.opt_time("ended_at")?,
    }))
}

impl Store {
    /// An earlier send has arrived. The message is sent by it, unless another send of it is out or its text was changed since: then it
    /// is only told. The message as it is now, when it is sent by it. The caller holds the session's lock.
    pub(crate) async fn earlier_arrived(
        &self,
        tx: &mut Tx,
        earlier: EarlierSend,
        told_by: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<QueueRow>, Error> {
        let row = &earlier.row;
        locks::take_turn(tx, row.contact).await?;
        let seen_at = at.min(now).max(earlier.committed_at);
        let sent_at = earlier.ended_at.unwrap_or(seen_at);
        let sent = row.status.after(Verb::AckBetter);
        let Some(sent) = sent.ok().filter(|_| !earlier.other_text) else {
            if self.tell_once(tx, &earlier, at, now).await? && earlier.other_text {
                count(tx, &earlier, sent_at).await?;
            }
            return Ok(None);
        };
        let args = args![
            row.message,
            sent,
            earlier.attempt,
            earlier.committed_at,
            sent_at
        ];
        tx.execute_one(&ARRIVED, args).await?;
        let event = NewEvent {
            detail: Some(told_by),
            ..NewEvent::new("sent", at)
        };
        self.write_event(tx, row.message, event).await?;
        count(tx, &earlier, sent_at).await?;
        reservations::forget_shown(tx, row).await?;
        if row.attempt == Some(earlier.attempt) {
            contact_refusals::accepted(tx, row).await?;
        }
        reservations::end(tx, earlier.attempt, sent_at).await?;
        if row.status == MessageStatus::Composing
            && let Some(attempt) = row.attempt
        {
            reservations::abandon(tx, attempt).await?;
        }
        let sent = queue_row::by_id(tx, row.message).await?;
        if let Some(raw_id) = &earlier.raw_id {
            self.learn_raw_id(tx, &sent, raw_id, now).await?;
        }
        self.after_any_end(tx, &sent, now).await?;
        queue_row::by_id(tx, row.message).await.map(Some)
    }

    /// Tells what arrived without being the message as it is now, and keeps its text if that is another. Whether it is news.
    async fn tell_once(
        &self,
        tx: &mut Tx,
        earlier: &EarlierSend,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let (message, sent_at) = (earlier.row.message, earlier.committed_at);
        if let Some(raw_id) = &earlier.raw_id {
            reservations::learn_raw_id(tx, earlier.attempt, raw_id).await?;
            if earlier.other_text {
                self.said(tx, message, raw_id, sent_at, now).await?;
            }
        }
        let phase = if earlier.other_text {
            "earlier_text_arrived"
        } else {
            "earlier_arrived"
        };
        let is_news = tx.first(&TOLD, args![message, phase]).await?.is_none();
        if is_news {
            self.write_event(tx, message, NewEvent::new(phase, at))
                .await?;
        }
        Ok(is_news)
    }
}

/// Counts what arrived for its contact.
async fn count(tx: &mut Tx, earlier: &EarlierSend, sent_at: Timestamp) -> Result<(), Error> {
    let row = &earlier.row;
    if !forget_refusal(tx, &row.session, row.message).await? {
        let args = args![row.contact, &row.session, sent_at, &earlier.own_number];
        tx.execute(&COUNT, args).await?;
    }
    Ok(())
}
