//! What must hold after every run, whatever the order of the statements was.

use super::world::{Limits, World};

/// The messages without an answer that the contact of the waiting row `q` has got from the number of its session, `l`.
macro_rules! unanswered {
    () => {
        "(SELECT CAST(count(DISTINCT u.message_id) AS BIGINT) FROM send_reservation u
          JOIN whatsapp_message_queue o ON o.id = u.message_id AND o.status = 'sent'
          WHERE u.contact_id = q.contact_id AND u.own_number = l.own_number AND u.state = 'committed'
            AND u.ended_at > COALESCE((SELECT max(a.answered_at) FROM contact_session a
                                       WHERE a.contact_id = u.contact_id AND a.own_number = u.own_number), 0))"
    };
}

/// Whether the rules for replies hold for the row `q`: its contact wrote to its session within a day.
macro_rules! is_reply {
    () => {
        "(q.lane = 'reply' AND EXISTS
             (SELECT 1 FROM contact_session r
              WHERE r.contact_id = q.contact_id AND r.session = q.session AND r.own_number = l.own_number
                AND r.last_in_at > q.queued_at - 86400000))"
    };
}

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
              WHERE s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = r.own_number
                AND s.evidence_id IS NOT NULL)",
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
             WHEN q.wait_ends = 'person:decide_contact' THEN c.suspended_at IS NOT NULL
             WHEN q.wait_ends = 'person:confirm_contact' THEN c.identity_unconfirmed_since IS NOT NULL
             WHEN q.wait_ends = 'person:review' THEN TRUE
             END, FALSE)",
    ),
];

/// Each query lists what breaks a limit of the run's rules for the contact `$contact`, which was merged with no other. `$earlier`:
/// the attempts that were made before the calls.
const LIMITS: [(Limits, &str, &str); 4] = [
    (
        Limits::All,
        "an automatic message keeps the cool-down of its contact",
        "SELECT b.attempt_id AS value FROM send_reservation a JOIN send_reservation b ON b.contact_id = a.contact_id
         WHERE a.contact_id = '$contact' AND a.state = 'committed' AND b.state IN ('held', 'committed') AND b.lane = 'automatic'
           AND b.taken_at > a.taken_at AND b.taken_at - COALESCE(a.ended_at, a.committed_at) < 3000000
           AND NOT EXISTS
               (SELECT 1 FROM conversation_message m
                WHERE m.contact_id = a.contact_id AND m.session = b.session AND m.direction = 'inbound'
                  AND m.at > COALESCE(a.ended_at, a.committed_at))",
    ),
    // `send_now` ignores the hourly limit of the number.
    (
        Limits::NumberHour,
        "a number keeps its hour",
        "SELECT b.attempt_id AS value FROM send_reservation b JOIN whatsapp_message_queue q ON q.id = b.message_id AND q.send_now = 0
         WHERE b.contact_id = '$contact' AND b.state IN ('held', 'committed') AND b.attempt_id NOT IN ($earlier) AND EXISTS
             (SELECT 1 FROM send_reservation a JOIN whatsapp_message_queue o ON o.id = a.message_id
              WHERE a.own_number = b.own_number AND a.taken_at > b.taken_at - 3600000 AND a.lane = b.lane AND a.attempt_id <> b.attempt_id
                AND a.state IN ('held', 'committed') AND (a.attempt_id IN ($earlier) OR o.send_now = 0))",
    ),
    (
        Limits::ContactHour,
        "a contact gets its share of an hour",
        "SELECT b.attempt_id AS value FROM send_reservation b
         WHERE b.contact_id = '$contact' AND b.state IN ('held', 'committed') AND b.attempt_id NOT IN ($earlier) AND EXISTS
             (SELECT 1 FROM send_reservation a
              WHERE a.contact_id = b.contact_id AND a.taken_at > b.taken_at - 3600000
                AND a.attempt_id <> b.attempt_id AND a.state IN ('held', 'committed'))",
    ),
    // An earlier send that was uncertain may have come to count since.
    (
        Limits::Unanswered,
        "an attempt is within the limit of unanswered messages",
        concat!(
            "SELECT q.id AS value FROM whatsapp_message_queue q JOIN send_reservation l ON l.attempt_id = q.attempt_id
             WHERE q.contact_id = '$contact' AND q.status IN ('composing', 'sending') AND ",
            unanswered!(),
            " >= CASE l.lane WHEN 'reply' THEN 4 ELSE 2 END"
        ),
    ),
];

/// Messages of the run's sessions that wait for an answer, although the limits are one higher than the default.
pub(super) fn held_below_raised_limits(world: &World<'_>) -> String {
    let [one, other] = &world.workers;
    format!(
        concat!(
            "SELECT q.id || ' ' || q.wait_reason AS value FROM whatsapp_message_queue q
             JOIN whatsapp_session_status l ON l.name = q.session
             WHERE q.session IN ('{}', '{}') AND q.status = 'pending' AND q.due = 0 AND q.wait_reason = 'unanswered_limit' AND ",
            unanswered!(),
            " < CASE WHEN ",
            is_reply!(),
            " THEN 5 ELSE 3 END"
        ),
        one.session, other.session
    )
}

/// What does not hold, one line for each invariant that is broken.
pub(super) async fn broken(world: &World<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let contact = world.contact.to_string();
    let earlier = format!("'{}'", world.earlier.join("', '"));
    let limits = LIMITS.iter().filter(|(of, ..)| world.keeps(*of));
    let limits = limits.map(|(_, limit, query)| {
        let query = query.replace("$contact", &contact);
        (*limit, query.replace("$earlier", &earlier))
    });
    let all = INVARIANTS.map(|(invariant, query)| (invariant, query.to_owned()));
    for (invariant, query) in all.into_iter().chain(limits) {
        let rows: Vec<_> = world.db.texts(&query).await.into_iter().flatten().collect();
        if !rows.is_empty() {
            broken.push(format!("broken: {invariant}: {rows:?}"));
        }
    }
    broken
}
