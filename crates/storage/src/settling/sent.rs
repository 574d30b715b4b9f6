//! A message was sent: by the answer, by what a chat shows, or by a person's word.
//!
//! The rule that must hold: whatever proves it, the same follows. The contact's counts, the conversation, the receipts that
//! came before, and what waited for the end.

use domain::{Timestamp, ids::MessageId, message_status::Verb};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    locks,
    release::{self, QueueRow},
    send_outage,
    timeline::NewEvent,
};

use super::presence::Candidate;

/// What proves that a message was sent.
pub(crate) struct Proof<'a> {
    /// WhatsApp's raw id, when the proof tells it.
    pub(crate) raw_id: Option<&'a str>,
    /// When it was sent, as far as the proof knows.
    pub(crate) at: Timestamp,
    /// For the timeline: `answer`, `chat`, `event`, `receipt` or `person`.
    pub(crate) told_by: &'a str,
    /// How long the call took, milliseconds.
    pub(crate) took_ms: Option<i64>,
}

impl<'a> Proof<'a> {
    /// The message itself was seen.
    pub(super) fn seen(candidate: &'a Candidate, told_by: &'a str) -> Self {
        Self {
            raw_id: Some(&candidate.raw_id),
            at: candidate.at,
            told_by,
            took_ms: None,
        }
    }
}

const SENT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, sent_at = $3, uncertain_since = NULL, next_look_at = NULL
     WHERE id = $1",
);

/// Keeps that the number $4 sent at $3, in the rows of the contact $1 and the session $2 with a number of `$of`.
macro_rules! count_sent {
    ($of:literal) => {
        $crate::db::Sql::both(concat!(
            "UPDATE contact_session
             SET last_out_at = CASE WHEN last_out_at > $3 THEN last_out_at ELSE $3 END
             WHERE contact_id = $1 AND session = $2 AND own_number ",
            $of
        ))
    };
}
pub(crate) use count_sent;

const COUNT: Sql = count_sent!("= $4");

const OWNED: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue WHERE session = $1 AND raw_id = $2 AND id <> $3",
);

const LEARN: Sql = Sql::both("UPDATE whatsapp_message_queue SET raw_id = $2 WHERE id = $1");

// WAHA's full ids are made so (WAHA §4.3); the message itself, once seen, corrects it.
const SAID: Sql = Sql::both(
    "INSERT INTO conversation_message
         (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, body, reply_to_raw, origin, at, recorded_at,
          own_number)
     SELECT $1, q.session, q.contact_id, 'outbound', $3, 'true_' || s.chat_id || '_' || $3, s.chat_id, 'text',
            COALESCE((SELECT max(r.body) FROM send_reservation r WHERE r.session = q.session AND r.raw_id = $3 AND r.message_id = q.id),
                     q.body),
            (SELECT r.raw_id FROM conversation_message r WHERE r.id = q.reply_to), 'queue', $4, $5, s.own_number
     FROM whatsapp_message_queue q
     JOIN contact_session s ON s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = q.own_number
     WHERE q.id = $2 AND s.chat_id IS NOT NULL
     ON CONFLICT (session, direction, raw_id) DO UPDATE SET origin = 'queue'",
);

impl Store {
    /// Moves a committed row, in doubt or not, to `sent`. The caller holds the session's lock.
    pub(crate) async fn mark_sent(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        proof: Proof<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        locks::take_turn(tx, row.contact).await?;
        let at = row.committed_at.max(Some(proof.at.min(now))).unwrap_or(now);
        tx.execute_one(&SENT, args![row.message, row.after(Verb::Sent)?, at])
            .await?;
        let of = row.session_number();
        tx.execute_one(&COUNT, args![row.contact, of.session, at, of.number])
            .await?;
        release::forget_shown(tx, row).await?;
        release::contact_accepted(tx, row).await?;
        // A person's word about one message says nothing of WAHA.
        if proof.told_by != "person" {
            send_outage::succeeded(tx, of, row.committed_at, now).await?;
        }
        let event = NewEvent {
            detail: Some(proof.told_by),
            duration_ms: proof.took_ms,
            ..NewEvent::new("sent", at)
        };
        self.write_event(tx, row.message, event).await?;
        if let Some(raw_id) = proof.raw_id {
            self.learn_raw_id(tx, row, raw_id, now).await?;
        }
        self.after_any_end(tx, row, now).await
    }

    /// The message's raw id is known now: it joins the conversation, and receipts that came before find it.
    /// An id that another message of the session owns is left to it.
    pub(crate) async fn learn_raw_id(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        raw_id: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let owned = args![&row.session, raw_id, row.message];
        if tx.first(&OWNED, owned).await?.is_some() {
            return Ok(());
        }
        tx.execute_one(&LEARN, args![row.message, raw_id]).await?;
        if let Some(attempt) = row.attempt {
            release::slot_learns_raw_id(tx, attempt, raw_id).await?;
        }
        let row = release::by_id(tx, row.message).await?;
        let at = row.committed_at.unwrap_or(now);
        self.said(tx, row.message, raw_id, at, now).await?;
        self.apply_early_changes(tx, &row.session, raw_id).await?;
        self.apply_parked_acks(tx, &row, raw_id).await
    }

    /// A send of the message joins the conversation, with the text that it had.
    pub(crate) async fn said(
        &self,
        tx: &mut Tx,
        message: MessageId,
        raw_id: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = self.ids.conversation_message(now);
        tx.execute(&SAID, args![id, message, raw_id, at, now])
            .await?;
        Ok(())
    }
}
