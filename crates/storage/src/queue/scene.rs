//! A session's queue as a rehearsal plays it: what is due, what waits for a time or an answer, who receives it, what is
//! under way.
//!
//! Read in bounded work: so many messages from the head of the queue, never all of it, and a fixed number of statements.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Timestamp,
    ids::ContactId,
    message_status::MessageStatus,
    release::{
        ContactFacts, Guests, Scene, SessionFacts, UNANSWERED_WITHIN, UnderWay, WaitingMessage,
    },
    session::SessionName,
};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args, one_of},
    facts_of_release::{
        DAY, assembled, contact_query, contact_sends, contact_unanswered, message_facts,
        session_facts,
    },
    session_number::linked_number,
    wait_columns::read_wait,
};

/// What a session's queue holds, as far as it is read.
#[derive(Debug, Clone)]
pub struct QueueScene {
    /// The head of the queue, with all facts.
    pub scene: Scene,
    /// Due messages behind it, which were not read.
    pub behind: u32,
}

/// A query for [`waiting_message`], continued by the given text.
macro_rules! waiting_query {
    ($rest:literal) => {
        waiting_query!(from "whatsapp_message_queue q ", $rest)
    };
    (from $tables:literal, $rest:literal) => {
        Sql::both(concat!(
            "SELECT q.id, q.contact_id, q.priority, CAST(length(q.body) AS BIGINT) AS chars, q.lane, q.send_now,
                    q.queued_at, q.not_before, q.not_after, q.drop_if_answered, q.eligible_at, q.wait_reason, q.wait_ends,
                    (SELECT r.at FROM conversation_message r WHERE r.id = q.reply_to) AS answers_at,
                    (SELECT b.state FROM broadcast b WHERE b.id = q.broadcast_id) AS broadcast_state
             FROM ",
            $tables,
            $rest
        ))
    };
}

// In the claim's order, and by its index.
const DUE: Sql = waiting_query!(
    "WHERE q.session = $1 AND q.status = 'pending' AND q.due = 1
     ORDER BY q.rank, q.priority DESC, q.id LIMIT $2"
);

const WAIT_FOR_A_TIME: Sql = waiting_query!(
    "WHERE q.session = $1 AND q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NOT NULL
     ORDER BY q.eligible_at LIMIT $2"
);

// What goes after another one to the same contact, which ends by itself, and what a person must look at. By the contacts, which are
// few, and not by what waits on the session, which may be all of a long queue.
const WAIT_FOR_AN_END_OR_A_PERSON: Sql = waiting_query!(
    from "contact_session s CROSS JOIN whatsapp_message_queue q ",
    "WHERE s.session = $1 AND s.own_number = (SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = $1)
       AND s.evidence_id IS NOT NULL AND q.contact_id = s.contact_id AND q.session = s.session
       AND q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NULL
       AND (q.wait_ends = 'event:earlier_ends' OR q.wait_ends LIKE 'person:%')
     LIMIT $2"
);

const GUESTS: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS known,
            CAST(COALESCE(sum(CASE WHEN last_in_at > $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS wrote
     FROM contact_session
     WHERE session = $1 AND own_number = (SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = $1)
       AND evidence_id IS NOT NULL",
);

const COUNT_DUE: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS due FROM whatsapp_message_queue
     WHERE session = $1 AND status = 'pending' AND due = 1",
);

const UNDER_WAY: Sql = Sql::both(
    "SELECT q.contact_id, q.status, CAST(length(q.body) AS BIGINT) AS chars, r.lane, r.cold, r.taken_at
     FROM whatsapp_message_queue q
     JOIN send_reservation r ON r.attempt_id = q.attempt_id
     WHERE q.session = $1 AND q.status IN ('composing', 'sending') LIMIT 1",
);

const CONTACTS: Sql = Sql::each(
    contact_query!(one_of!(sqlite "$1")),
    contact_query!(one_of!(postgres "$1")),
);

const SENDS: Sql = Sql::each(
    contact_sends!(one_of!(sqlite "$1")),
    contact_sends!(one_of!(postgres "$1")),
);

const UNANSWERED: Sql = Sql::each(
    contact_unanswered!(one_of!(sqlite "$1")),
    contact_unanswered!(one_of!(postgres "$1")),
);

macro_rules! under_way {
    ($which:expr) => {
        concat!(
            "SELECT contact_id, status, uncertain_since FROM whatsapp_message_queue
             WHERE status IN ('composing', 'sending', 'uncertain') AND contact_id ",
            $which
        )
    };
}

const TO_THEM_UNDER_WAY: Sql = Sql::each(
    under_way!(one_of!(sqlite "$1")),
    under_way!(one_of!(postgres "$1")),
);

impl Store {
    /// The head of the session's queue: at most `most` messages that are due, as many that wait for a time and as many that wait for an
    /// answer, with the facts of everybody they go to and of `also`. `None`: there is no such session.
    pub async fn queue_scene(
        &self,
        session: &SessionName,
        also: &[ContactId],
        most: u32,
        now: Timestamp,
    ) -> Result<Option<QueueScene>, Error> {
        let mut tx = self.db.read().await?;
        let Some(facts) = session_facts(&mut tx, session, now, DAY).await? else {
            return Ok(None);
        };
        let scene = scene(&mut tx, session, facts, also, most, now).await?;
        let read = scene.waiting.iter().filter(|one| one.wait.is_none());
        let read = u32::try_from(read.count()).unwrap_or(u32::MAX);
        let behind = if read < most {
            0
        } else {
            let counted = tx.first(&COUNT_DUE, args![session]).await?;
            counted
                .map_or(Ok(0), |row| row.count("due"))?
                .saturating_sub(read)
        };
        Ok(Some(QueueScene { scene, behind }))
    }
}

/// The head of the queue, in the caller's transaction.
pub(super) async fn scene(
    tx: &mut Tx,
    session: &SessionName,
    facts: SessionFacts,
    also: &[ContactId],
    most: u32,
    now: Timestamp,
) -> Result<Scene, Error> {
    let mut rows = tx.all(&DUE, args![session, most]).await?;
    for also_waits in [&WAIT_FOR_A_TIME, &WAIT_FOR_AN_END_OR_A_PERSON] {
        rows.extend(tx.all(also_waits, args![session, most]).await?);
    }
    let waiting: Vec<_> = rows
        .iter()
        .map(waiting_message)
        .collect::<Result<_, Error>>()?;
    let under_way = tx.first(&UNDER_WAY, args![session]).await?;
    let guests = tx.first(&GUESTS, args![session, now - DAY]).await?;
    let to = waiting.iter().map(|one| one.contact);
    let contacts = contacts(tx, session, to.chain(also.iter().copied()).collect(), now).await?;
    Ok(Scene {
        session: facts,
        waiting,
        contacts,
        under_way: under_way.as_ref().map(read_under_way).transpose()?,
        guests: guests.as_ref().map_or(Ok(Guests::default()), read_guests)?,
    })
}

/// The facts of many contacts, in as many statements as for one.
async fn contacts(
    tx: &mut Tx,
    session: &SessionName,
    ids: BTreeSet<ContactId>,
    now: Timestamp,
) -> Result<HashMap<ContactId, ContactFacts>, Error> {
    let ids = serde_json::to_string(&ids)?;
    let since = now - DAY;
    let rows = tx.all(&CONTACTS, args![&ids, session]).await?;
    let sends = tx.all(&SENDS, args![&ids, since - DAY, since]).await?;
    let sends = by_contact(&sends)?;
    let since = now - UNANSWERED_WITHIN;
    let unanswered = tx.all(&UNANSWERED, args![&ids, session, since]).await?;
    let unanswered = by_contact(&unanswered)?;
    let under_way = tx.all(&TO_THEM_UNDER_WAY, args![&ids]).await?;
    let under_way = by_contact(&under_way)?;
    let mut facts = HashMap::with_capacity(rows.len());
    for row in &rows {
        let id = row.parsed("contact_id")?;
        let of = |rows: &HashMap<ContactId, Vec<_>>| rows.get(&id).cloned().unwrap_or_default();
        facts.insert(
            id,
            assembled(row, of(&sends), of(&unanswered), of(&under_way))?,
        );
    }
    Ok(facts)
}

fn by_contact(rows: &[Row]) -> Result<HashMap<ContactId, Vec<&Row>>, Error> {
    let mut sorted: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let contact = row.parsed("contact_id")?;
        sorted.entry(contact).or_default().push(row);
    }
    Ok(sorted)
}

fn waiting_message(row: &Row) -> Result<WaitingMessage, Error> {
    Ok(WaitingMessage {
        message: row.parsed("id")?,
        contact: row.parsed("contact_id")?,
        priority: i32::try_from(row.int("priority")?)
            .map_err(|_| Error::Corrupt { column: "priority" })?,
        chars: usize::try_from(row.int("chars")?).map_err(|_| Error::Corrupt { column: "body" })?,
        facts: message_facts(row)?,
        wait: read_wait(row)?,
        waits_out_unanswered: false,
    })
}

fn read_guests(row: &Row) -> Result<Guests, Error> {
    Ok(Guests {
        known: row.count("known")?,
        wrote: row.count("wrote")?,
    })
}

fn read_under_way(row: &Row) -> Result<UnderWay, Error> {
    let status: MessageStatus = row.parsed("status")?;
    Ok(UnderWay {
        contact: row.parsed("contact_id")?,
        chars: usize::try_from(row.int("chars")?).map_err(|_| Error::Corrupt { column: "body" })?,
        lane: row.parsed("lane")?,
        cold: row.flag("cold")?,
        since: row.time("taken_at")?,
        committed: status == MessageStatus::Sending,
    })
}
