//! An own message was seen: the queue's, or typed by a spouse on the phone. It often comes before the answer to the send.

use std::time::Duration;

use domain::{
    Timestamp, ack::Ack, ids::ContactId, message_status::MessageStatus, session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Recorded, Store,
    db::{Sql, Tx, args},
    release::{self, EarlierSend, QueueRow, queue_rows},
    session_number::SessionNumber,
    settling::{self, Candidate, Proof},
};

const BY_RAW_ID: Sql = queue_rows!("WHERE q.session = $1 AND q.raw_id = $2");

// The first conditions are the index's own.
const BY_CHOSEN_ID: Sql = queue_rows!(
    "WHERE q.session = $2 AND q.client_raw_id = $3 AND COALESCE(q.raw_id, '') = '' AND q.contact_id = $1
       AND q.status IN ('sending', 'uncertain', 'sent')"
);

// Accepted, but the answer told no id that we can read. The first conditions are the index's own.
const SENT: Sql = queue_rows!(
    "WHERE q.contact_id = $1 AND q.session = $2 AND q.status = 'sent' AND COALESCE(q.raw_id, '') = '' AND q.committed_at > $3
       AND q.own_number IN ($4, '')
     ORDER BY q.committed_at, q.id"
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

const IN_DOUBT: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.contact_id = $2 AND q.status = 'uncertain' AND q.own_number IN ($3, '') ORDER BY q.committed_at"
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

/// Chats are read a day back: an own message is not taken for one of the queue's that is older.
const ATTRIBUTED_WITHIN: Duration = Duration::from_hours(24);

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
        if let Some(row) = owner(tx, of, contact, message).await? {
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
        let first_copy = release::sent_again(tx, of, contact, message, ATTRIBUTED_WITHIN);
        if let Some(earlier) = first_copy.await? {
            return self
                .first_copy_was_seen(tx, of, earlier, message, now)
                .await;
        }
        if settling::may_be_ours(tx, of, contact).await? {
            self.store_own(tx, of, contact, message, "parked", now)
                .await?;
            return self.explain_by_doubt(tx, of, contact, message, now).await;
        }
        self.store_own(tx, of, contact, message, "phone", now)
            .await?;
        settling::hand_typed(tx, of, contact, message.at.min(now)).await?;
        Ok(Recorded::TypedByHand { contact, new: true })
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

    /// The first copy of a message that a person has had sent again, out of a doubt: it arrived, and the second need not go.
    async fn first_copy_was_seen(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        earlier: EarlierSend,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let (owner, contact) = (earlier.row.message, earlier.row.contact);
        self.store_own(tx, of, contact, message, "queue", now)
            .await?;
        let sent = self
            .earlier_arrived(tx, earlier, "event", message.at, now)
            .await?;
        if let (Some(row), Some(ack)) = (sent, message.ack) {
            self.fold_ack(tx, &row, ack, seen_at(ack, message, now))
                .await?;
        }
        Ok(Recorded::OwnFromQueue { message: owner })
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
        if row.status == MessageStatus::Pending {
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

    async fn explain_by_doubt(
        &self,
        tx: &mut Tx,
        of: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let in_doubt = args![of.session, contact, of.number];
        for row in release::all(tx, &IN_DOUBT, in_doubt).await? {
            if self.settle_from_parked(tx, &row, now).await? {
                break;
            }
        }
        let owner = release::first(tx, &BY_RAW_ID, args![of.session, &message.raw_id]).await?;
        Ok(
            owner.map_or(Recorded::Parked, |row| Recorded::OwnFromQueue {
                message: row.message,
            }),
        )
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

/// The queue's row that the message is: by its id, by the id that we chose, or, where the answer told none, by what it says.
async fn owner(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
    message: &ObservedMessage,
) -> Result<Option<QueueRow>, Error> {
    let SessionNumber { session, number } = of;
    let by_id = args![session, &message.raw_id];
    if let Some(row) = release::first(tx, &BY_RAW_ID, by_id).await? {
        return Ok(Some(row));
    }
    let by_chosen_id = args![contact, session, &message.raw_id];
    if let Some(row) = release::first(tx, &BY_CHOSEN_ID, by_chosen_id).await? {
        return Ok(Some(row));
    }
    let seen = [Candidate {
        raw_id: message.raw_id.clone(),
        body: message.body.clone(),
        at: message.at,
    }];
    let args = args![contact, session, message.at - ATTRIBUTED_WITHIN, number];
    for row in release::all(tx, &SENT, args).await? {
        if settling::find(tx, &row, &seen).await?.is_some() {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
