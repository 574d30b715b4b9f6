//! An own message was seen: the queue's, or typed by a spouse on the phone. It often comes before the answer to the send.

use domain::{
    Timestamp, ack::Ack, ids::ContactId, message_status::MessageStatus, session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Recorded, Store,
    db::{Sql, Tx, args},
    release::{self, QueueRow, queue_rows},
    session_number::SessionNumber,
    settling::Proof,
};

const BY_RAW_ID: Sql = queue_rows!("WHERE q.session = $1 AND q.raw_id = $2");

// The first conditions are the index's own.
const BY_CHOSEN_ID: Sql = queue_rows!(
    "WHERE q.session = $2 AND q.client_raw_id = $3 AND COALESCE(q.raw_id, '') = '' AND q.contact_id = $1
       AND q.status IN ('sending', 'uncertain', 'sent')"
);

// The first conditions on the status are the indexes' own.
const BY_ID_ALONE: Sql = Sql::both(
    "SELECT contact_id FROM whatsapp_message_queue WHERE session = $1 AND raw_id = $2
     UNION ALL
     SELECT contact_id FROM whatsapp_message_queue
     WHERE status IN ('composing', 'sending') AND session = $1 AND client_raw_id = $2
     UNION ALL
     SELECT contact_id FROM whatsapp_message_queue
     WHERE status = 'uncertain' AND session = $1 AND client_raw_id = $2",
);

const ORIGIN: Sql = Sql::both(
    "SELECT origin FROM conversation_message
     WHERE session = $1 AND direction = 'outbound' AND raw_id = $2",
);

// Stored before with an id that we made ourselves: the message itself knows better.
const STORE: Sql = Sql::both(
    "INSERT INTO conversation_message
         (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, body, reply_to_raw, origin, at, recorded_at, own_number)
     VALUES ($1, $2, $3, 'outbound', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (session, direction, raw_id) DO UPDATE
     SET full_id = excluded.full_id, chat_id = excluded.chat_id, origin = excluded.origin",
);

/// Whom the message went to when its id says so: also in a chat by a hidden id that nobody told us yet.
pub(super) async fn contact_by_id(
    tx: &mut Tx,
    session: &SessionName,
    message: &ObservedMessage,
) -> Result<Option<ContactId>, Error> {
    if !message.from_me {
        return Ok(None);
    }
    let args = args![session, &message.raw_id];
    let row = tx.first(&BY_ID_ALONE, args).await?;
    row.map(|row| row.parsed("contact_id")).transpose()
}

impl Store {
    pub(super) async fn record_own(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let session = of.session;
        if let Some(row) = owner(tx, session, contact, message).await? {
            return self.seen_from_queue(tx, &row, message, now).await;
        }
        let before = tx.first(&ORIGIN, args![session, &message.raw_id]).await?;
        match before.map(|row| row.text("origin")).transpose()?.as_deref() {
            Some("parked") => Ok(Recorded::Parked),
            Some("phone") => Ok(Recorded::TypedByHand {
                contact,
                new: false,
            }),
            Some(_) => {
                self.earlier_was_seen(tx, session, message, now).await?;
                Ok(Recorded::Known)
            }
            None => self.record_new_own(tx, of, contact, message, now).await,
        }
    }

    /// An own message that is seen for the first time and that no id explains.
    async fn record_new_own(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let of_message = || args![of.session, &message.raw_id];
        self.store_own(tx, of, contact, message, "parked", now)
            .await?;
        self.explain_parked(tx, of, contact, "event", now).await?;
        if let Some(row) = release::first(tx, &BY_RAW_ID, of_message()).await? {
            if let Some(ack) = message.ack {
                self.fold_ack(tx, &row, ack, seen_at(ack, message, now))
                    .await?;
            }
            let message = row.message;
            return Ok(Recorded::OwnFromQueue { message });
        }
        if let Some(earlier) = release::earlier_send(tx, of.session, &message.raw_id).await? {
            let of = earlier.row.message;
            if let Some(ack) = message.ack {
                self.ack_of_earlier(tx, earlier, ack, now).await?;
            }
            return Ok(Recorded::OwnFromQueue { message: of });
        }
        let left = tx.first(&ORIGIN, of_message()).await?;
        let left = left.map(|row| row.text("origin")).transpose()?;
        Ok(match left.as_deref() {
            Some("parked") => Recorded::Parked,
            _ => Recorded::TypedByHand { contact, new: true },
        })
    }

    /// The queue's, from before it was tried again: its receipt may say that it had arrived.
    async fn earlier_was_seen(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(ack) = message.ack else {
            return Ok(());
        };
        if let Some(earlier) = release::earlier_send(tx, session, &message.raw_id).await? {
            self.ack_of_earlier(tx, earlier, ack, now).await?;
        }
        Ok(())
    }

    /// Stores an own message, or gives the one that is stored its real ids and its origin.
    pub(crate) async fn store_own(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        origin: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let args = args![
            self.ids.conversation_message(now),
            of.session,
            contact,
            &message.raw_id,
            &message.full_id,
            &message.chat,
            message.kind,
            message.body.clone(),
            message.reply_to.clone(),
            origin,
            message.at.min(now),
            now,
            of.number
        ];
        tx.execute_one(&STORE, args).await?;
        self.apply_early_changes(tx, of.session, &message.raw_id)
            .await
    }

    async fn seen_from_queue(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.store_own(tx, row.session_number(), row.contact, message, "queue", now)
            .await?;
        match row.status {
            MessageStatus::Uncertain => {
                let proof = Proof {
                    raw_id: Some(&message.raw_id),
                    at: message.at,
                    told_by: "event",
                    took_ms: None,
                };
                self.mark_sent(tx, row, proof, now).await?;
            }
            // While it is sending, the answer is still to come, and with it the end of the slot.
            _ if row.raw_id.is_none() => {
                self.learn_raw_id(tx, row, &message.raw_id, now).await?;
            }
            _ => {}
        }
        if row.is_between_attempts() {
            self.earlier_was_seen(tx, &row.session, message, now)
                .await?;
        } else if let Some(ack) = message.ack {
            let row = release::by_id(tx, row.message).await?;
            self.fold_ack(tx, &row, ack, seen_at(ack, message, now))
                .await?;
        }
        let message = row.message;
        Ok(Recorded::OwnFromQueue { message })
    }
}

/// When a receipt that is seen with its message came. A refusal comes with the send, however late a chat is read; when a message was
/// delivered or read, the chat does not tell.
fn seen_at(ack: Ack, message: &ObservedMessage, now: Timestamp) -> Timestamp {
    if ack == Ack::Error {
        message.at.min(now)
    } else {
        now
    }
}

/// The queue's row that the message is: by its id, or by the id that we chose.
async fn owner(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
    message: &ObservedMessage,
) -> Result<Option<QueueRow>, Error> {
    let by_id = args![session, &message.raw_id];
    if let Some(row) = release::first(tx, &BY_RAW_ID, by_id).await? {
        return Ok(Some(row));
    }
    let by_chosen_id = args![contact, session, &message.raw_id];
    release::first(tx, &BY_CHOSEN_ID, by_chosen_id).await
}
