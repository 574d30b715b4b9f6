//! Messages that nothing will ever look at again: they wait for an event that has happened, or that nobody can cause any more.
//!
//! There should be none. [`Store::sweep`] wakes them; [`Store::stuck_messages`] lists them, for tests and for people who search.

use std::time::Duration;

use domain::{
    Timestamp, config::GlobalConfig, ids::MessageId, message_status::MessageStatus,
    session::SessionName,
};

use crate::{
    Error, Store,
    config::read_config,
    db::{Row, Sql, args},
};

/// A message that nothing will look at again.
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

/// One sweep wakes so many at most.
const AT_ONCE: i64 = 500;

/// A composition and its call take less, by far. The worker that holds the lease ends what it does not hold at its next claim.
const LONGEST_ATTEMPT: Duration = Duration::from_mins(15);

/// `never_woken!()`: the condition of a waiting row `q` whose wait has ended without its being woken. $1 the fewest messages without an
/// answer that hold one back.
macro_rules! never_woken {
    () => {
        "q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NULL
         AND (q.wait_ends IS NULL
              OR q.wait_ends = 'event:earlier_ends' AND NOT EXISTS
                  (SELECT 1 FROM whatsapp_message_queue o
                   WHERE o.contact_id = q.contact_id AND o.status IN ('composing', 'sending', 'uncertain'))
              OR q.wait_reason = 'guest_has_not_written' AND EXISTS
                  (SELECT 1 FROM contact_session s JOIN whatsapp_session_status l ON l.name = q.session AND l.own_number = s.own_number
                   JOIN conversation_message e ON e.id = s.evidence_id AND e.session = s.session AND e.own_number = s.own_number
                       AND e.contact_id = s.contact_id AND e.direction = 'inbound'
                   WHERE s.contact_id = q.contact_id AND s.session = q.session)
              OR q.wait_reason = 'unanswered_limit' AND $1 >
                  (SELECT CAST(COALESCE(sum(s.unanswered), 0) AS BIGINT)
                   FROM contact_session s JOIN whatsapp_session_status l ON l.name = q.session AND l.own_number = s.own_number
                   WHERE s.contact_id = q.contact_id)
              OR q.wait_ends = 'person:decide_contact' AND NOT EXISTS
                  (SELECT 1 FROM contact c WHERE c.id = q.contact_id AND c.suspended_at IS NOT NULL)
              OR q.wait_ends = 'person:resume_broadcast' AND NOT EXISTS
                  (SELECT 1 FROM broadcast b WHERE b.id = q.broadcast_id AND b.state = 'paused'))"
    };
}

macro_rules! sweep {
    ($lock:literal) => {
        concat!(
            "UPDATE whatsapp_message_queue
             SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
             WHERE id IN (SELECT q.id FROM whatsapp_message_queue q WHERE ",
            never_woken!(),
            " LIMIT $2",
            $lock,
            ")"
        )
    };
}

const SWEEP: Sql = Sql::each(sweep!(""), sweep!(" FOR NO KEY UPDATE SKIP LOCKED"));

const STUCK: Sql = Sql::both(concat!(
    "SELECT q.id, q.session, q.status, q.wait_reason, q.wait_ends FROM whatsapp_message_queue q WHERE ",
    never_woken!(),
    " OR q.status IN ('composing', 'sending') AND EXISTS
          (SELECT 1 FROM send_reservation r JOIN whatsapp_session_status w ON w.name = q.session
           WHERE r.attempt_id = q.attempt_id AND r.taken_at < $2 AND w.lease_owner IS NOT NULL AND w.lease_expires_at > $3)
      ORDER BY q.id"
));

impl Store {
    /// Wakes waiting messages that nothing else would wake, of all sessions; how many. It steps over rows that are locked.
    pub async fn sweep(&self, config: &GlobalConfig) -> Result<u64, Error> {
        let mut tx = self.db.write().await?;
        let args = args![fewest_unanswered(config), AT_ONCE];
        let woken = tx.execute(&SWEEP, args).await?;
        tx.commit().await?;
        Ok(woken)
    }

    /// The messages that nothing will ever look at again, oldest first; also attempts that are open although the holder of their
    /// session's lease is at work.
    pub async fn stuck_messages(&self, now: Timestamp) -> Result<Vec<StuckMessage>, Error> {
        let mut tx = self.db.read().await?;
        let (config, _) = read_config(&mut tx).await?;
        let args = args![fewest_unanswered(&config), now - LONGEST_ATTEMPT, now];
        let rows = tx.all(&STUCK, args).await?;
        rows.iter().map(stuck).collect()
    }
}

fn fewest_unanswered(config: &GlobalConfig) -> u32 {
    let limits = &config.limits;
    limits.unanswered.min(limits.unanswered_replies)
}

fn stuck(row: &Row) -> Result<StuckMessage, Error> {
    let (reason, ends) = (row.opt_text("wait_reason")?, row.opt_text("wait_ends")?);
    Ok(StuckMessage {
        message: row.parsed("id")?,
        session: row.parsed("session")?,
        status: row.parsed("status")?,
        wait: reason.zip(ends),
    })
}
