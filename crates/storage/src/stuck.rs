//! Messages that nothing will ever look at again: they wait for an event that has happened, or that nobody can cause any more.
//!
//! There should be none. [`Store::sweep`] wakes them; `Store::stuck_messages` lists them, for tests.

#[cfg(feature = "scratch-databases")]
use domain::{Timestamp, ids::MessageId, message_status::MessageStatus, session::SessionName};

#[cfg(feature = "scratch-databases")]
use crate::db::Row;
use crate::{
    Error, Store,
    db::{Sql, args, one_of},
};

/// A message that nothing will look at again.
#[cfg(feature = "scratch-databases")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckMessage {
    /// The message.
    pub message: MessageId,
    /// Who sends it.
    pub session: SessionName,
    /// Where it is in its life.
    pub status: MessageStatus,
    /// What it says it waits for: the codes of the reason and of the end.
    pub wait: Option<(String, String)>,
}

/// One statement of a sweep wakes at most this many messages.
const AT_ONCE: usize = 1_000;

/// A composition and its call take less, by far. The worker that holds the lease ends what it does not hold at its next claim.
#[cfg(feature = "scratch-databases")]
const LONGEST_ATTEMPT: std::time::Duration = std::time::Duration::from_mins(15);

/// `never_woken!()`: the condition of a waiting row `q` whose wait has ended without its being woken. What waits for an uncertain message
/// has a time, so it is none of them.
macro_rules! never_woken {
    () => {
        "q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NULL
         AND (q.wait_ends IS NULL
              OR q.wait_ends = 'event:earlier_ends' AND NOT EXISTS
                  (SELECT 1 FROM whatsapp_message_queue o
                   WHERE o.contact_id = q.contact_id AND o.status IN ('composing', 'sending'))
              OR q.wait_reason = 'guest_has_not_written' AND EXISTS
                  (SELECT 1 FROM contact_session s JOIN whatsapp_session_status l ON l.name = q.session AND l.own_number = s.own_number
                   JOIN conversation_message e ON e.id = s.evidence_id AND e.session = s.session AND e.own_number = s.own_number
                       AND e.contact_id = s.contact_id AND e.direction = 'inbound'
                   WHERE s.contact_id = q.contact_id AND s.session = q.session)
              OR q.wait_reason = 'contact_refused' AND NOT EXISTS
                  (SELECT 1 FROM contact_session s JOIN whatsapp_session_status l ON l.name = q.session AND l.own_number = s.own_number
                   WHERE s.contact_id = q.contact_id AND s.session = q.session AND s.refusals > 1)
              OR q.wait_ends = 'person:unlock' AND NOT EXISTS
                  (SELECT 1 FROM whatsapp_session_status u JOIN session_number n ON n.number = u.own_number
                   WHERE u.name = q.session AND n.lock_person = 1)
              OR q.wait_ends = 'person:decide_contact' AND NOT EXISTS
                  (SELECT 1 FROM contact c WHERE c.id = q.contact_id AND c.suspended_at IS NOT NULL)
              OR q.wait_ends = 'person:confirm_contact' AND NOT EXISTS
                  (SELECT 1 FROM contact c WHERE c.id = q.contact_id AND c.identity_unconfirmed_since IS NOT NULL)
              OR q.wait_ends = 'person:resume_broadcast' AND NOT EXISTS
                  (SELECT 1 FROM broadcast b WHERE b.id = q.broadcast_id AND b.state = 'paused'))"
    };
}

macro_rules! wake {
    ($ids:expr, $lock:literal) => {
        concat!(
            "UPDATE whatsapp_message_queue
             SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
             WHERE id IN (SELECT q.id FROM whatsapp_message_queue q WHERE q.id ",
            $ids,
            " AND ",
            never_woken!(),
            $lock,
            ")"
        )
    };
}

const WAKE: Sql = Sql::each(
    wake!(one_of!(sqlite "$1"), ""),
    wake!(one_of!(postgres "$1"), " FOR NO KEY UPDATE SKIP LOCKED"),
);

// Without an order and a limit: for their sake PostgreSQL would go through all messages by their ids.
const LOST: Sql = Sql::both(concat!(
    "SELECT q.id FROM whatsapp_message_queue q WHERE ",
    never_woken!()
));

#[cfg(feature = "scratch-databases")]
const STUCK: Sql = Sql::both(concat!(
    "SELECT q.id, q.session, q.status, q.wait_reason, q.wait_ends FROM whatsapp_message_queue q WHERE ",
    never_woken!(),
    " OR q.status IN ('composing', 'sending') AND EXISTS
          (SELECT 1 FROM send_reservation r JOIN whatsapp_session_status w ON w.name = q.session
           WHERE r.attempt_id = q.attempt_id AND r.taken_at < $1 AND w.lease_owner IS NOT NULL AND w.lease_expires_at > $2)
      ORDER BY q.id"
));

impl Store {
    /// Wakes waiting messages that nothing else would wake, of all sessions. Returns how many. It looks without holding up writers,
    /// wakes a bounded number at a time, and steps over rows that are locked.
    pub async fn sweep(&self) -> Result<u64, Error> {
        let rows = self.db.read().await?.all(&LOST, Vec::new()).await?;
        let found = rows.iter().map(|row| row.text("id"));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let mut woken = 0;
        for messages in found.chunks(AT_ONCE) {
            woken += self.wake(messages).await?;
        }
        Ok(woken)
    }

    async fn wake(&self, messages: &[String]) -> Result<u64, Error> {
        let mut tx = self.db.write().await?;
        let args = args![serde_json::to_string(messages)?];
        let woken = tx.execute(&WAKE, args).await?;
        tx.commit().await?;
        Ok(woken)
    }

    /// The messages that nothing will look at again, oldest first; also attempts that have been open for fifteen minutes although a
    /// worker holds their session's lease.
    #[cfg(feature = "scratch-databases")]
    pub async fn stuck_messages(&self, now: Timestamp) -> Result<Vec<StuckMessage>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&STUCK, args![now - LONGEST_ATTEMPT, now]).await?;
        rows.iter().map(stuck).collect()
    }
}

#[cfg(feature = "scratch-databases")]
fn stuck(row: &Row) -> Result<StuckMessage, Error> {
    let (reason, ends) = (row.opt_text("wait_reason")?, row.opt_text("wait_ends")?);
    Ok(StuckMessage {
        message: row.parsed("id")?,
        session: row.parsed("session")?,
        status: row.parsed("status")?,
        wait: reason.zip(ends),
    })
}
