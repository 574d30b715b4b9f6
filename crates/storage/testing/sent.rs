//! A message that was sent, as its rows: for tests of what counts what was sent.

use domain::Timestamp;
use uuid::{NoContext, Timestamp as UuidTime, Uuid};

use crate::db::Sql;

/// An id as one that was made then.
pub(super) fn id(at: Timestamp) -> Uuid {
    let secs = u64::try_from(at.timestamp()).expect("after 1970");
    Uuid::new_v7(UuidTime::from_unix(
        NoContext,
        secs,
        at.timestamp_subsec_nanos(),
    ))
}

pub(super) const SESSIONS: Sql = Sql::both(
    "SELECT session FROM contact_session WHERE contact_id = $1 AND evidence_id IS NOT NULL ORDER BY session",
);

// $1 message, $2 attempt, $3 contact, $4 session, $5 time, $6 slot.
pub(super) const SENT: [Sql; 2] = [
    Sql::both(
        "INSERT INTO whatsapp_message_queue
             (id, session, contact_id, body, body_folded, lane, rank, status, queued_at, due, attempts, attempt_id, attempt_epoch,
              committed_at, evidence_id, sent_at, own_number)
         SELECT $1, $4, $3, 'Sent', 'sent', 'manual', 2, 'sent', $5, 0, 1, $2, 1, $5, s.evidence_id, $5, s.own_number
         FROM contact_session s
         WHERE s.contact_id = $3 AND s.session = $4 AND s.evidence_id IS NOT NULL
         ORDER BY s.last_in_at DESC LIMIT 1",
    ),
    Sql::both(
        "INSERT INTO send_reservation
             (id, session, contact_id, message_id, attempt_id, lane, cold, state, taken_at, committed_at, ended_at, own_number)
         SELECT $6, $4, $3, $1, $2, 'automatic', 0, 'committed', $5, $5, $5, q.own_number
         FROM whatsapp_message_queue q WHERE q.id = $1",
    ),
];
