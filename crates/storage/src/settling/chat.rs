//! Looking into the chat: at once, after 30 s, 2 min and 10 min; then only an event or a person settles it (design §5).

use std::time::Duration;

use domain::{
    Timestamp, ids::AttemptId, message_status::MessageStatus, phone_number::PhoneNumber,
    wire::ObservedMessage,
};

use crate::{
    Error, Settled, Store, clock_steps,
    db::{Row, Sql, Tx, args},
    facts::{identity, own_identity::without_own},
    locks,
    release::{self, QueueRow, queue_rows},
};

use super::presence::{self, Candidate};

/// When the chat is looked at, counted from the beginning of the doubt.
const LOOKS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
];

/// After a worker was away, looks are not made up for all at once.
const BETWEEN_LOOKS: Duration = Duration::from_secs(30);

const IN_DOUBT: Sql = queue_rows!("WHERE q.attempt_id = $1 AND q.status = 'uncertain'");

const LOOKED: Sql =
    Sql::both("UPDATE whatsapp_message_queue SET looked = $2, next_look_at = $3 WHERE id = $1");

impl Store {
    /// Looks for the message of an attempt in doubt among what its chat shows. Messages of other chats and of others'
    /// writing may be among them: they are left out.
    pub async fn settle_from_chat(
        &self,
        attempt: AttemptId,
        own_messages: &[ObservedMessage],
        now: Timestamp,
    ) -> Result<Settled, Error> {
        let mut tx = self.db.write().await?;
        let Some((session, row)) = lock_in_doubt(&mut tx, attempt).await? else {
            return Ok(Settled::Gone);
        };
        let seen = of_contact(&mut tx, &session, &row, own_messages, now).await?;
        let candidates: Vec<Candidate> = seen.iter().map(candidate).collect();
        let (of, contact) = (row.session_number(), row.contact);
        // All of them first: told one by one, the first would be taken for the only one.
        for found in presence::find_all(&mut tx, &row, &candidates).await? {
            if let Some(message) = seen.iter().find(|seen| seen.raw_id == found.raw_id) {
                self.store_own(&mut tx, of, contact, message, "parked", now)
                    .await?;
            }
        }
        self.explain_parked(&mut tx, of, contact, "chat", now)
            .await?;
        let status = release::by_id(&mut tx, row.message).await?.status;
        let settled = if status == MessageStatus::Uncertain {
            let next_look_at = count_look(&mut tx, &row, now).await?;
            Settled::StillUncertain { next_look_at }
        } else {
            Settled::Sent
        };
        tx.commit().await?;
        Ok(settled)
    }
}

/// The session's row, and the message.
async fn lock_in_doubt(tx: &mut Tx, attempt: AttemptId) -> Result<Option<(Row, QueueRow)>, Error> {
    let Some(row) = release::first(tx, &IN_DOUBT, args![attempt]).await? else {
        return Ok(None);
    };
    let session = locks::lock_session(tx, &row.session).await?;
    // Read again: it may have been settled while we waited for the lock.
    let row = release::by_id(tx, row.message).await?;
    let in_doubt = row.status == MessageStatus::Uncertain && row.attempt == Some(attempt);
    Ok(session.filter(|_| in_doubt).map(|session| (session, row)))
}

/// The messages to the row's contact, dated as this machine's clock tells their times.
async fn of_contact(
    tx: &mut Tx,
    session: &Row,
    row: &QueueRow,
    messages: &[ObservedMessage],
    now: Timestamp,
) -> Result<Vec<ObservedMessage>, Error> {
    let mut own = Vec::new();
    let sender = row.session_number().number;
    let may_be_its = |message: &&ObservedMessage| {
        let told = message.own_number.as_ref().map(PhoneNumber::digits);
        message.from_me && told.is_none_or(|told| sender.is_empty() || told == sender)
    };
    for message in messages.iter().filter(may_be_its) {
        let Some(message) = without_own(tx, &row.session, message).await? else {
            continue;
        };
        let found = identity::find(tx, &message.chat, message.alt.as_ref()).await?;
        if found.contains(&row.contact) {
            let at = clock_steps::date(tx, &row.session, session, message.at, now).await?;
            own.push(ObservedMessage {
                at,
                ..message.into_owned()
            });
        }
    }
    Ok(own)
}

fn candidate(message: &ObservedMessage) -> Candidate {
    Candidate {
        raw_id: message.raw_id.clone(),
        body: message.body.clone(),
        at: message.at,
    }
}

async fn count_look(
    tx: &mut Tx,
    row: &QueueRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let looked = row.looked + 1;
    let since = row.uncertain_since.unwrap_or(now);
    let next = usize::try_from(looked)
        .ok()
        .and_then(|done| LOOKS.get(done))
        .map(|after| (since + *after).max(now + BETWEEN_LOOKS));
    tx.execute_one(&LOOKED, args![row.message, looked, next])
        .await?;
    Ok(next)
}
