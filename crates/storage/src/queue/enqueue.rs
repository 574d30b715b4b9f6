//! Putting messages into the queue: all of one call, or none.

use std::collections::{BTreeSet, HashSet};

use domain::{
    Timestamp,
    ids::{BroadcastId, ContactId, ConversationMessageId, MessageId, TokenId},
    lane::Lane,
    message_text::MessageText,
    session::SessionName,
    wait::WaitReason,
};

use super::{
    enqueue_sql::{INSERT, INSERT_EVENTS, JsonEvent, JsonRow, LOCK_SESSIONS, UNKNOWN_REPLY},
    idempotency::{self, Seen},
    standing::CONSENT,
};
use crate::{
    Error, Recipient, Store,
    db::{Sql, Tx, args},
    wait_columns::{AT, ends_code},
};

/// A message to put into the queue.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its id, from the caller: messages to one contact leave in the order of their ids.
    pub id: MessageId,
    /// The session that sends it.
    pub session: SessionName,
    /// Who receives it.
    pub to: Recipient,
    /// What it says.
    pub text: MessageText,
    /// How it came to be.
    pub lane: Lane,
    /// Higher goes first; 0 is usual.
    pub priority: i32,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this.
    pub not_after: Option<Timestamp>,
    /// Cancel it when the contact writes.
    pub drop_if_answered: bool,
    /// The inbound message it answers.
    pub reply_to: Option<ConversationMessageId>,
    /// A person said: now.
    pub send_now: bool,
    /// The broadcast it is a copy of.
    pub broadcast: Option<BroadcastId>,
    /// Let WAHA fetch a preview of its first link.
    pub link_preview: bool,
}

/// Makes a repeated call harmless.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The caller's key.
    pub key: String,
    /// Whose key: two callers may choose the same.
    pub owner: TokenId,
    /// Hash of the request's body.
    pub fingerprint: String,
}

/// What came of enqueueing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enqueued {
    /// They are in the queue, in the order given. A copy of a broadcast that the contact already has is left out.
    New(Vec<MessageId>),
    /// The same call was made before and put these into the queue.
    Repeated(Vec<MessageId>),
    /// The key was used for another body: nothing was written.
    KeyReused,
    /// There is no contact with the id that a message goes to: nothing was written.
    UnknownContact {
        /// Which of the messages, from 0.
        index: usize,
    },
    /// A `reply_to` is not an inbound message of that contact on that session: nothing was written.
    UnknownReply {
        /// Which of the messages, from 0.
        index: usize,
    },
}

const NEWEST: Sql = Sql::both("SELECT id FROM whatsapp_message_queue ORDER BY id DESC LIMIT 1");

impl Store {
    /// Ids for so many new messages. They sort in the order in which they were made and behind every message of the queue, whatever the
    /// clock was set to: messages leave in the order of their ids.
    pub async fn message_ids(&self, count: usize, now: Timestamp) -> Result<Vec<MessageId>, Error> {
        let mut tx = self.db.read().await?;
        self.new_message_ids(&mut tx, count, now).await
    }

    /// The same in the caller's transaction.
    pub(crate) async fn new_message_ids(
        &self,
        tx: &mut Tx,
        count: usize,
        now: Timestamp,
    ) -> Result<Vec<MessageId>, Error> {
        let newest = tx.first(&NEWEST, Vec::new()).await?;
        let newest = newest.map(|row| row.parsed("id")).transpose()?;
        let ids = std::iter::repeat_with(|| self.ids.message_after(newest, now));
        Ok(ids.take(count).collect())
    }

    /// Puts up to 10,000 messages into the queue in one transaction.
    ///
    /// The session must exist. Contacts that are known by their number only are made, where there are none, in the same
    /// transaction: a call that is refused leaves nobody behind. A message to a contact who has not written on the session waits for that event; a
    /// scheduled one waits for its time; all others are looked at by the next claim.
    pub async fn enqueue(
        &self,
        messages: &[NewMessage],
        idempotency: Option<&Idempotency>,
        now: Timestamp,
    ) -> Result<Enqueued, Error> {
        let mut tx = self.db.write().await?;
        if let Some(key) = idempotency {
            let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
            match idempotency::take(&mut tx, key, &ids, now).await? {
                Seen::Never => {}
                Seen::SameBody(ids) => return Ok(Enqueued::Repeated(ids)),
                Seen::OtherBody => return Ok(Enqueued::KeyReused),
            }
        }
        lock_sessions(&mut tx, messages).await?;
        let contacts = match self.contacts_of(&mut tx, messages, now).await? {
            Ok(contacts) => contacts,
            Err(index) => return Ok(Enqueued::UnknownContact { index }),
        };
        let rows = json_rows(messages, contacts, now)?;
        if let Some(index) = unknown_reply(&mut tx, messages, &rows).await? {
            return Ok(Enqueued::UnknownReply { index });
        }
        let ids = insert(&mut tx, messages, rows, now).await?;
        self.write_queued_events(&mut tx, &ids, now).await?;
        if let Some(key) = idempotency.filter(|_| ids.len() < messages.len()) {
            idempotency::correct(&mut tx, key, &ids).await?;
        }
        tx.commit().await?;
        Ok(Enqueued::New(ids))
    }

    /// Puts messages to contacts that the caller holds into the queue; the ids of those that are new, in the order given. The
    /// caller holds their sessions too.
    pub(crate) async fn enqueue_held(
        &self,
        tx: &mut Tx,
        messages: &[NewMessage],
        contacts: Vec<ContactId>,
        now: Timestamp,
    ) -> Result<Vec<MessageId>, Error> {
        let rows = json_rows(messages, contacts, now)?;
        let ids = insert(tx, messages, rows, now).await?;
        self.write_queued_events(tx, &ids, now).await?;
        Ok(ids)
    }

    /// The contact of each message, held; or which message goes to one that is not there.
    async fn contacts_of(
        &self,
        tx: &mut Tx,
        messages: &[NewMessage],
        now: Timestamp,
    ) -> Result<Result<Vec<ContactId>, usize>, Error> {
        let recipients: Vec<_> = messages.iter().map(|message| &message.to).collect();
        let held = self.hold_recipients(tx, &recipients, now).await?;
        let contact = |(index, to)| held.contact(to).ok_or(index);
        Ok(recipients.into_iter().enumerate().map(contact).collect())
    }

    async fn write_queued_events(
        &self,
        tx: &mut Tx,
        ids: &[MessageId],
        now: Timestamp,
    ) -> Result<(), Error> {
        let event = |&message| JsonEvent {
            id: self.ids.event(now),
            message,
        };
        let events: Vec<_> = ids.iter().map(event).collect();
        let events = serde_json::to_string(&events)?;
        tx.execute(&INSERT_EVENTS, args![events, now]).await?;
        Ok(())
    }
}

fn json_rows(
    messages: &[NewMessage],
    contacts: Vec<ContactId>,
    now: Timestamp,
) -> Result<String, Error> {
    let rows = messages.iter().zip(contacts);
    let rows: Vec<_> = rows
        .map(|(message, contact)| JsonRow::new(message, contact, now))
        .collect();
    Ok(serde_json::to_string(&rows)?)
}

/// The first message that answers something which its contact never wrote on its session.
async fn unknown_reply(
    tx: &mut Tx,
    messages: &[NewMessage],
    rows: &str,
) -> Result<Option<usize>, Error> {
    if messages.iter().all(|message| message.reply_to.is_none()) {
        return Ok(None);
    }
    let Some(row) = tx.first(&UNKNOWN_REPLY, args![rows]).await? else {
        return Ok(None);
    };
    let id: MessageId = row.parsed("id")?;
    Ok(messages.iter().position(|message| message.id == id))
}

/// Sessions first: see `locks`.
async fn lock_sessions(tx: &mut Tx, messages: &[NewMessage]) -> Result<(), Error> {
    let sessions: BTreeSet<_> = messages.iter().map(|m| &m.session).collect();
    let sessions = serde_json::to_string(&sessions)?;
    tx.execute(&LOCK_SESSIONS, args![sessions]).await?;
    Ok(())
}

/// Inserts the rows; the ids of those that are new, in the order given.
async fn insert(
    tx: &mut Tx,
    messages: &[NewMessage],
    rows: String,
    now: Timestamp,
) -> Result<Vec<MessageId>, Error> {
    let args = args![
        rows,
        now,
        CONSENT.reason,
        ends_code(CONSENT.ends),
        WaitReason::NotBefore,
        AT,
        i64::try_from(messages.len()).unwrap_or(i64::MAX)
    ];
    let inserted = tx.all(&INSERT, args).await?;
    let inserted: HashSet<MessageId> = inserted
        .iter()
        .map(|row| row.parsed("id"))
        .collect::<Result<_, _>>()?;
    let in_order = messages.iter().map(|message| message.id);
    Ok(in_order.filter(|id| inserted.contains(id)).collect())
}
