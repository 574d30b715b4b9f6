//! A guest wrote: the proof that the queue may write to them on this session, and the end of many waits.

use domain::{
    Timestamp, ids::ContactId, release::RefuseReason, session::SessionName, wire::ObservedMessage,
};

use super::{unconfirmed, unreadable};
use crate::{
    CancelReason, Error, Recorded, Store,
    db::{Sql, Tx, args},
    locks,
    release::{self, queue_rows},
    session_number::SessionNumber,
};

const STORE: Sql = Sql::both(
    "INSERT INTO conversation_message
         (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, body, reply_to_raw, origin, at, recorded_at, own_number)
     VALUES ($1, $2, $3, 'inbound', $4, $5, $6, $7, $8, $9, 'guest', $10, $11, $12)
     ON CONFLICT (session, direction, raw_id) DO NOTHING",
);

// An older message of another session's number may come later: the newest counts.
const EVIDENCE: Sql = Sql::both(
    "INSERT INTO contact_session (contact_id, session, own_number, evidence_id, chat_id, last_in_at, answered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6)
     ON CONFLICT (contact_id, session, own_number) DO UPDATE
     SET evidence_id = excluded.evidence_id, chat_id = excluded.chat_id, last_in_at = excluded.last_in_at,
         refused_at = NULL, refusals = 0, answered_at = CASE WHEN contact_session.answered_at > excluded.answered_at THEN contact_session.answered_at
                            ELSE excluded.answered_at END
     WHERE contact_session.last_in_at IS NULL OR contact_session.last_in_at <= excluded.last_in_at",
);

// A late word to an earlier number ends no wait: what waits would be sent by the number of now.
const LINKED: Sql =
    Sql::both("SELECT name FROM whatsapp_session_status WHERE name = $1 AND own_number = $2");

// What waits for a person goes on waiting for a person, but for what waits because of refusals: their word ended these. A reply whose
// contact was silent for a day is a reply again.
const WAKE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL,
         rank = CASE WHEN lane = 'reply' AND rank = 2 THEN 1 ELSE rank END
     WHERE contact_id = $1 AND session = $2 AND status = 'pending'
       AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%' OR wait_reason = 'contact_refused')",
);

// The first conditions are the index's own.
const ANSWERED: Sql = queue_rows!(
    "WHERE q.contact_id = $1 AND q.status IN ('pending', 'composing', 'sending', 'uncertain', 'failed')
       AND q.session = $2 AND q.status IN ('pending', 'composing') AND q.drop_if_answered = 1 AND q.queued_at < $3
     ORDER BY q.id"
);

impl Store {
    pub(super) async fn record_inbound(
        &self,
        tx: &mut Tx,
        to: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let SessionNumber { session, number } = to;
        // Enqueueing looks for evidence under the same lock: no row is left waiting for who has just written.
        locks::lock_contact(tx, contact).await?;
        let id = self.ids.conversation_message(now);
        let at = message.at.min(now);
        let args = args![
            id,
            session,
            contact,
            &message.raw_id,
            &message.full_id,
            &message.chat,
            message.kind,
            message.body.clone(),
            message.reply_to.clone(),
            at,
            now,
            number
        ];
        let new = tx.execute(&STORE, args).await? == 1;
        if new {
            let args = args![contact, session, number, id, &message.chat, at];
            if tx.execute(&EVIDENCE, args).await? == 1 {
                // It answers what the number sent from any session.
                release::fewer_unanswered(tx, contact).await?;
            }
            // What their word makes pointless is not the news that leaves instead of older news.
            self.drop_answered(tx, session, contact, at, now).await?;
            if tx.first(&LINKED, args![session, number]).await?.is_some() {
                self.first_contact(tx, contact, session, now).await?;
                tx.execute(&WAKE, args![contact, session]).await?;
            }
            unconfirmed::wrote(tx, contact, at).await?;
            unreadable::resolve(tx, session, &message.raw_id).await?;
            self.apply_early_changes(tx, session, &message.raw_id)
                .await?;
        }
        Ok(Recorded::Inbound { contact, new })
    }

    async fn drop_answered(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        contact: ContactId,
        answered_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let args = args![contact, session, answered_at];
        for row in release::all(tx, &ANSWERED, args).await? {
            let reason = CancelReason::Rule(RefuseReason::Answered);
            self.cancel_by_rule(tx, &row, reason, now).await?;
        }
        Ok(())
    }
}
