//! Guests whom a number's messages do not reach: WhatsApp has them and delivers them to others only (WAHA §9.2).

use std::time::Duration;

use domain::{Timestamp, ids::ContactId, session::SessionName};

use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, args},
    session_number::linked_number,
};

/// What a session's number sent to a contact, and what stays undelivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// The contact.
    pub contact: ContactId,
    /// The session that sent.
    pub session: SessionName,
    /// When the oldest of these messages was sent.
    pub since: Timestamp,
    /// When the newest of them was sent.
    pub newest: Timestamp,
    /// How many they are.
    pub messages: u32,
}

/// What was sent before is history: it warns of nothing that could be mended.
const RECENT: Duration = Duration::from_hours(30 * 24);

// No receipt can belong to a message without an id. A word or a reaction of the contact, and a later receipt, prove that messages get through. Without a receipt of another contact since,
// the session may be the trouble.
macro_rules! undelivered {
    ($index:literal) => {
        concat!(
            "SELECT q.contact_id, q.session, min(q.sent_at) AS since, max(q.sent_at) AS newest, CAST(count(*) AS BIGINT) AS messages
             FROM whatsapp_session_status l
             CROSS JOIN whatsapp_message_queue q ",
            $index,
            " CROSS JOIN contact_session s
             WHERE s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = q.own_number
               AND q.session = l.name AND q.own_number = l.own_number AND q.status = 'sent'
               AND q.raw_id IS NOT NULL AND q.delivered_at IS NULL AND q.sent_at > $1 AND q.sent_at <= $2 AND COALESCE(s.delivered_at, 0) < q.sent_at AND COALESCE(s.last_in_at, 0) < q.sent_at
               AND COALESCE(s.undelivered_seen_at, 0) < q.sent_at
               AND COALESCE(s.answered_at, 0) < q.sent_at AND ($3 IS NULL OR q.contact_id = $3)
               AND EXISTS (SELECT 1 FROM contact_session o
                           WHERE o.own_number = q.own_number AND o.delivered_at IS NOT NULL AND o.delivered_at > q.sent_at
                             AND o.contact_id <> q.contact_id)
             GROUP BY q.contact_id, q.session ORDER BY min(q.sent_at), q.contact_id, q.session LIMIT $4"
        )
    };
}

// SQLite would go through all that was ever sent.
const UNDELIVERED: Sql = Sql::each(
    undelivered!("INDEXED BY queue_undelivered"),
    undelivered!(""),
);

const DISMISS: Sql = Sql::both(concat!(
    "UPDATE contact_session SET undelivered_seen_at = $3
     WHERE contact_id = $1 AND session = $2 AND own_number = ",
    linked_number!("$2"),
    " AND COALESCE(undelivered_seen_at, 0) < $3"
));

impl Store {
    /// A person knows that what the session sent to the contact until `newest` may not arrive. Returns whether that is news.
    pub async fn dismiss_undelivered(
        &self,
        contact: ContactId,
        session: &SessionName,
        newest: Timestamp,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if tx
            .execute(&DISMISS, args![contact, session, newest])
            .await?
            == 0
        {
            return Ok(false);
        }
        let deed = Deed {
            action: "undelivered.dismiss",
            subject: &contact.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The contacts, or one of them, to whom what was sent longer than `patience` ago was not delivered, although others got later
    /// receipts; longest first, `limit` at most.
    pub async fn undelivered(
        &self,
        contact: Option<ContactId>,
        patience: Duration,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Undelivered>, Error> {
        let mut tx = self.db.read().await?;
        let args = args![now - RECENT, now - patience, contact, i64::from(limit)];
        let rows = tx.all(&UNDELIVERED, args).await?;
        let read = rows.iter().map(|row| {
            Ok(Undelivered {
                contact: row.parsed("contact_id")?,
                session: row.parsed("session")?,
                since: row.time("since")?,
                newest: row.time("newest")?,
                messages: row.count("messages")?,
            })
        });
        read.collect()
    }
}
