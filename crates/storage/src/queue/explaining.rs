//! Everything that tells why a message waits and when it will go, read at one moment. The caller decides with `domain::release`.

use domain::{
    Timestamp,
    ids::MessageId,
    message_status::MessageStatus,
    release::{ContactFacts, MessageFacts, Scene, SessionFacts, WaitingMessage},
    session::SessionName,
    wait::{AwaitedEvent, Ends, Wait},
};

use super::{
    message_row::{AUTOMATIC, find},
    scene::scene,
};
use crate::{
    Error, MessageRow, Store,
    db::{Sql, Tx, args},
    facts_of_release::{DAY, contact_facts, message_facts, session_facts},
};

/// A message with the facts that the rules look at.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The message.
    pub row: MessageRow,
    /// The session's facts.
    pub session: SessionFacts,
    /// The contact's facts.
    pub contact: ContactFacts,
    /// The message's facts.
    pub message: MessageFacts,
    /// How many automatic messages of the session that are due go before it.
    pub ahead: u32,
    /// The head of its session's queue, to be played until this message leaves; `None`: it is not for a time that it waits.
    pub scene: Option<Scene>,
}

/// So many messages before one that waits are played one by one.
const PLAYED_AHEAD: u32 = 300;

const AHEAD: Sql = Sql::both(
    "SELECT CAST(count(*) AS BIGINT) AS ahead FROM whatsapp_message_queue
     WHERE session = $1 AND status = 'pending' AND due = 1 AND rank = 2
       AND (priority > $2 OR (priority = $2 AND id < $3))",
);

impl Store {
    /// The message and its facts; `None`: there is no such message.
    pub async fn explain(&self, id: MessageId, now: Timestamp) -> Result<Option<Explained>, Error> {
        let mut tx = self.db.read().await?;
        let Some(found) = find(&mut tx, id).await? else {
            return Ok(None);
        };
        let row = MessageRow::read(&found)?;
        let session = session_facts(&mut tx, &row.session, now, DAY)
            .await?
            .ok_or(Error::Corrupt { column: "session" })?;
        let contact = contact_facts(&mut tx, &row.session, row.contact, Some(id), now).await?;
        let mut explained = Explained {
            session,
            contact,
            message: message_facts(&found)?,
            ahead: ahead(&mut tx, &row, found.int("rank")?).await?,
            scene: None,
            row,
        };
        if explained.leaves_by_itself() {
            explained.scene = Some(explained.head_of_queue(&mut tx, now).await?);
        }
        Ok(Some(explained))
    }

    /// The session's facts as the rules would see them at `now`; `None`: there is no such session.
    pub async fn session_facts(
        &self,
        session: &SessionName,
        now: Timestamp,
    ) -> Result<Option<SessionFacts>, Error> {
        let mut tx = self.db.read().await?;
        session_facts(&mut tx, session, now, DAY).await
    }
}

impl Explained {
    /// The message as a rehearsal plays it.
    pub fn waiting(&self) -> WaitingMessage {
        WaitingMessage {
            message: self.row.id,
            contact: self.row.contact,
            priority: self.row.priority,
            chars: self.row.text.chars(),
            facts: self.message.clone(),
            wait: self.row.wait,
            waits_out_unanswered: false,
        }
    }

    /// Whether it waits, and for no event and no person.
    fn leaves_by_itself(&self) -> bool {
        let ends_by_itself = |wait: Wait| {
            matches!(
                wait.ends,
                Ends::At(_) | Ends::Event(AwaitedEvent::EarlierEnds)
            )
        };
        self.row.status == MessageStatus::Pending
            && self.contact.evidence.is_some()
            && self.row.wait.is_none_or(ends_by_itself)
    }

    async fn head_of_queue(&self, tx: &mut Tx, now: Timestamp) -> Result<Scene, Error> {
        let (session, to) = (self.session.clone(), [self.row.contact]);
        let mut scene = scene(tx, &self.row.session, session, &to, PLAYED_AHEAD, now).await?;
        // Of those that wait for a time only the next ones were read.
        let known = scene.waiting.iter().any(|one| one.message == self.row.id);
        if self.row.wait.is_some() && !known {
            scene.waiting.push(self.waiting());
        }
        Ok(scene)
    }
}

/// What a person wrote goes before all automatic messages.
async fn ahead(tx: &mut Tx, row: &MessageRow, rank: i64) -> Result<u32, Error> {
    if row.status != MessageStatus::Pending || rank < AUTOMATIC {
        return Ok(0);
    }
    let counted = tx
        .first(&AHEAD, args![&row.session, row.priority, row.id])
        .await?;
    counted.map_or(Ok(0), |counted| counted.count("ahead"))
}
