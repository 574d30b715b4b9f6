//! What must hold after every run, whatever the order of the statements was.

use super::world::World;

/// Each query lists the rows of the whole database that break one invariant.
const INVARIANTS: [(&str, &str); 8] = [
    // Two contacts with an open attempt each may become one: then only one attempt is committed.
    (
        "a contact has at most one committed attempt",
        "SELECT contact_id AS value FROM whatsapp_message_queue WHERE status = 'sending'
         GROUP BY contact_id HAVING count(*) > 1",
    ),
    (
        "a contact has at most one open attempt",
        "SELECT contact_id AS value FROM whatsapp_message_queue
         WHERE status IN ('composing', 'sending') AND contact_id NOT IN (SELECT contact_id FROM contact_lid)
         GROUP BY contact_id HAVING count(*) > 1",
    ),
    (
        "a session has at most one open attempt",
        "SELECT session AS value FROM whatsapp_message_queue WHERE status IN ('composing', 'sending')
         GROUP BY session HAVING count(*) > 1",
    ),
    (
        "an open attempt has its slot",
        "SELECT q.id || ' ' || q.status AS value FROM whatsapp_message_queue q
         WHERE q.status IN ('composing', 'sending') AND NOT EXISTS
             (SELECT 1 FROM send_reservation r WHERE r.attempt_id = q.attempt_id
              AND r.state = CASE q.status WHEN 'composing' THEN 'held' ELSE 'committed' END)",
    ),
    (
        "a slot that is held belongs to an open attempt",
        "SELECT r.attempt_id AS value FROM send_reservation r
         WHERE r.state = 'held' AND NOT EXISTS
             (SELECT 1 FROM whatsapp_message_queue q WHERE q.attempt_id = r.attempt_id AND q.status = 'composing')",
    ),
    (
        "an attempt is decided for a number that its guest wrote to",
        "SELECT q.id || ' ' || r.own_number AS value FROM whatsapp_message_queue q JOIN send_reservation r ON r.attempt_id = q.attempt_id
         WHERE q.status IN ('composing', 'sending') AND NOT EXISTS
             (SELECT 1 FROM contact_session s
              WHERE s.contact_id = q.contact_id AND s.own_number = r.own_number AND s.evidence_id IS NOT NULL)",
    ),
    // What waits for a time is cancelled by the claim that looks at it then.
    (
        "a message to a contact who opted out does not wait for an event or a person",
        "SELECT q.id AS value FROM whatsapp_message_queue q JOIN contact c ON c.id = q.contact_id
         WHERE q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NULL AND c.opted_out_at IS NOT NULL AND q.lane <> 'reply'",
    ),
    (
        "a message that waits has something that ends the wait",
        "SELECT q.id || ' ' || COALESCE(q.wait_reason, '-') || ' ' || COALESCE(q.wait_ends, '-') AS value
         FROM whatsapp_message_queue q JOIN contact c ON c.id = q.contact_id
             JOIN whatsapp_session_status l ON l.name = q.session
         WHERE q.status = 'pending' AND q.due = 0 AND q.eligible_at IS NULL AND NOT COALESCE(CASE
             WHEN q.wait_ends = 'event:earlier_ends' THEN EXISTS
                 (SELECT 1 FROM whatsapp_message_queue o
                  WHERE o.contact_id = q.contact_id AND o.id <> q.id AND o.status IN ('composing', 'sending'))
             WHEN q.wait_reason = 'guest_has_not_written' THEN NOT EXISTS
                 (SELECT 1 FROM contact_session s
                  WHERE s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = l.own_number
                    AND s.evidence_id IS NOT NULL)
             WHEN q.wait_reason = 'unanswered_limit' THEN EXISTS
                 (SELECT 1 FROM contact_session s
                  WHERE s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = l.own_number AND s.unanswered > 0)
             WHEN q.wait_ends = 'person:decide_contact' THEN c.suspended_at IS NOT NULL
             WHEN q.wait_ends = 'person:review' THEN TRUE
             END, FALSE)",
    ),
];

/// What does not hold, one line for each invariant that is broken.
pub(super) async fn broken(world: &World<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    for (invariant, query) in INVARIANTS {
        let rows: Vec<_> = world.db.texts(query).await.into_iter().flatten().collect();
        if !rows.is_empty() {
            broken.push(format!("broken: {invariant}: {rows:?}"));
        }
    }
    broken
}
