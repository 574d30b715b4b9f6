//! What years of sending leave behind: sent messages with their timeline, slots and receipts, conversations, keys and logs.

use std::str::FromStr;

use domain::{Timestamp, ids::AccountId, session::SessionName};

use crate::{
    Error,
    db::{Sql, args},
    testing::TestDatabase,
};

/// What to put into a database that has no contacts.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The session that sent. It must exist.
    pub session: &'a SessionName,
    /// How many messages, and how many rows of conversations. Half of them went to the first guest.
    pub messages: u32,
    /// Of so many of the oldest messages one in five waits: half of those for a guest's first word, half for a time. All others are sent.
    pub waits_among: u32,
    /// How many guests have written to the session; as many more never have.
    pub guests: u32,
    /// The end of that history: the newest message was sent ten days before.
    pub now: Timestamp,
}

/// The row's number as the end of an id.
macro_rules! id {
    ($kind:literal, $number:literal) => {
        concat!(
            "'01930000-0000-7000-",
            $kind,
            "-' || substr(CAST(1000000000000 + ",
            $number,
            " AS TEXT), 2)"
        )
    };
}

/// The number that is linked to the session $3.
macro_rules! own {
    () => {
        "COALESCE((SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = $3), '')"
    };
}

// Of `m`: `i`, `guest`, `said_by`, `kind` (0 sent, 1 failed, 2 cancelled, 3 waits for a guest's first word, 4 scheduled), `at`, and `news`, the
// broadcast: one that each guest got once. One message in ten has a broadcast beside these, of which nothing is left. $1 messages, $2 now, $3 session, $4 guests,
// $5 how many of the oldest may wait.
macro_rules! of_messages {
    ($statement:expr, $tail:literal) => {
        Sql::both(concat!(
            "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1),
             k (i, kind) AS (SELECT i, CASE WHEN i % 100 = 17 THEN 1 WHEN i % 100 = 27 THEN 2 WHEN i >= $5 THEN 0
                                            WHEN i % 10 = 8 THEN 3 WHEN i % 10 = 9 THEN 4 ELSE 0 END FROM n),
             m (i, kind, guest, said_by, news, at) AS
                 (SELECT i, kind, CASE WHEN kind = 3 THEN $4 + i % $4 WHEN i % 2 = 0 THEN 0 ELSE i / 2 % $4 END,
                         CASE WHEN i % 2 = 0 THEN 0 ELSE i / 2 % $4 END,
                         CASE WHEN i % 2 = 1 AND kind < 3 THEN i / 2 / $4 END,
                         $2 - 864000000 - ($1 - i) * 60000 FROM k) ",
            $statement, " FROM m ", $tail
        ))
    };
}

const BROADCASTS: Sql = of_messages!(
    concat!(
        "INSERT INTO broadcast (id, title, template, audience, session, not_after, state, created_at, created_by, started_at, started_by)
         SELECT DISTINCT ", id!("8010", "CASE WHEN i % 10 = 0 THEN i / 10 ELSE news END"), ", 'News', 'See you', '{}', $3, $2, 'started', $2, 'anna', $2, 'anna'"
    ),
    "WHERE i % 10 = 0 OR news IS NOT NULL"
);

const MESSAGES: Sql = of_messages!(
    concat!(
        "INSERT INTO whatsapp_message_queue
             (id, session, contact_id, body, body_folded, lane, rank, status, queued_at, not_before, due, eligible_at,
              wait_reason, wait_ends, attempts, broadcast_id, attempt_id, attempt_epoch, committed_at, evidence_id, raw_id, snapshot, ack,
              sent_at, delivered_at, read_at, last_error, cancel_reason, own_number)
         SELECT ", id!("8003", "i"), ", $3, ", id!("8001", "guest"), ",
                'See you on Saturday, number ' || i, 'see you on saturday, number ' || i,
                CASE WHEN news IS NULL THEN 'manual' ELSE 'broadcast' END, 2,
                CASE kind WHEN 0 THEN 'sent' WHEN 1 THEN 'failed' WHEN 2 THEN 'cancelled' ELSE 'pending' END, at - 60000,
                CASE kind WHEN 4 THEN $2 + 8640000000 + i END,
                CASE WHEN kind < 3 THEN 1 ELSE 0 END,
                CASE kind WHEN 4 THEN $2 + 8640000000 + i END,
                CASE kind WHEN 3 THEN 'guest_has_not_written' WHEN 4 THEN 'not_before' END,
                CASE kind WHEN 3 THEN 'event:contact_writes' WHEN 4 THEN 'at' END,
                CASE WHEN kind < 2 THEN 1 ELSE 0 END,
                CASE WHEN news IS NOT NULL THEN ", id!("8010", "news"), " END,
                CASE WHEN kind < 2 THEN ", id!("8004", "i"), " END,
                CASE WHEN kind < 2 THEN 1 END,
                CASE WHEN kind < 2 THEN at END,
                CASE WHEN kind < 2 THEN ", id!("8002", "guest"), " END,
                CASE kind WHEN 0 THEN 'OUT' || i END,
                CASE WHEN kind < 2 THEN '[\"OLD' || i || '\"]' END,
                CASE kind WHEN 0 THEN 3 END,
                CASE kind WHEN 0 THEN at END,
                CASE kind WHEN 0 THEN at + 1000 END,
                CASE kind WHEN 0 THEN at + 60000 END,
                CASE kind WHEN 1 THEN 'not_reachable' END,
                CASE kind WHEN 2 THEN 'person' END,
                CASE WHEN kind < 2 THEN ", own!(), " END"
    ),
    ""
);

const SLOTS: Sql = of_messages!(
    concat!(
        "INSERT INTO send_reservation
             (id, session, contact_id, message_id, attempt_id, lane, cold, state, taken_at, committed_at, ended_at, raw_id,
              own_number)
         SELECT ", id!("8005", "i"), ", $3, ", id!("8001", "guest"), ", ", id!("8003", "i"), ", ", id!("8004", "i"), ",
                'automatic', 0, 'committed', at - 10000, at, at + 1000, 'OUT' || i, ", own!()
    ),
    "WHERE kind < 2"
);

const EVENTS: Sql = of_messages!(
    concat!(
        "INSERT INTO whatsapp_message_event (id, message_id, phase, at)
         SELECT ",
        id!("8006", "i"),
        ", ",
        id!("8003", "i"),
        ", 'queued', at - 60000"
    ),
    ""
);

const SENT_EVENTS: Sql = of_messages!(
    concat!(
        "INSERT INTO whatsapp_message_event (id, message_id, phase, at, detail)
         SELECT ",
        id!("8007", "i"),
        ", ",
        id!("8003", "i"),
        ", 'sent', at, 'answer'"
    ),
    "WHERE kind = 0"
);

const SAID: Sql = of_messages!(
    concat!(
        "INSERT INTO conversation_message
             (id, session, contact_id, direction, raw_id, full_id, chat_id, kind, body, origin, at, recorded_at, own_number)
         SELECT ", id!("8008", "i"), ", $3, ", id!("8001", "said_by"), ",
                CASE WHEN i % 10 = 8 OR kind = 2 THEN 'inbound' ELSE 'outbound' END,
                'OUT' || i, 'true_OUT' || i, '39347' || substr(CAST(10000000 + said_by AS TEXT), 2) || '@c.us',
                'text', 'See you on Saturday, number ' || i,
                CASE WHEN i % 10 = 8 OR kind = 2 THEN 'guest' WHEN kind = 0 THEN 'queue' ELSE 'phone' END, at, at, ", own!()
    ),
    ""
);

const REACTIONS: Sql = of_messages!(
    concat!(
        "INSERT INTO message_reaction (session, target_raw, from_me, contact_id, emoji, at)
         SELECT $3, 'OUT' || i, 0, ",
        id!("8001", "guest"),
        ", '+', at"
    ),
    "WHERE i % 50 = 0"
);

const REFUSALS: Sql = of_messages!(
    concat!(
        "INSERT INTO send_refusal (session, message_id, contact_id, at)
         SELECT $3, ",
        id!("8003", "i"),
        ", ",
        id!("8001", "guest"),
        ", at"
    ),
    "WHERE kind = 1"
);

const KEYS: Sql = of_messages!(
    concat!(
        "INSERT INTO idempotency_key (owner, key, fingerprint, message_ids, at)
         SELECT 'owner', 'key ' || i, 'print', '[]', at"
    ),
    "WHERE i % 2 = 0"
);

const AUDIT: Sql = of_messages!(
    concat!(
        "INSERT INTO audit_log (id, at, actor, action, subject)
         SELECT ",
        id!("8011", "i"),
        ", at, 'anna', 'message.edit', ",
        id!("8003", "i")
    ),
    "WHERE i % 2 = 0"
);

const RECEIPTS: Sql = of_messages!(
    "INSERT INTO ack_parking (session, raw_id, ack, at) SELECT $3, 'THEIRS' || i, 2, $2 - 1000",
    "WHERE i % 10 = 0"
);

const WRITERS: Sql = of_messages!(
    concat!(
        "INSERT INTO unknown_writer (id, session, identity, first_at, last_at)
         SELECT ",
        id!("8012", "i"),
        ", $3, 'sealed ' || i, $2 - 1000, $2 - 1000"
    ),
    "WHERE i < 20"
);

// What the worker's retention leaves at most.
const LIVE: Sql = of_messages!(
    concat!(
        "INSERT INTO live_event (kind, subject) SELECT 'message', ",
        id!("8003", "i")
    ),
    "WHERE i < 50000"
);

const HOUSEHOLDS: Sql = counted!(
    "INSERT INTO household (id, name, name_folded, created_at)
     SELECT '01930000-0000-7000-8013-' || substr(CAST(1000000000000 + i AS TEXT), 2), 'House ' || i, 'house ' || i, $2 FROM n"
);

const GUESTS: Sql = counted!(
    "INSERT INTO guest (id, name, name_folded, household_id, contact_id, created_at)
     SELECT '01930000-0000-7000-8014-' || substr(CAST(1000000000000 + i AS TEXT), 2), 'Guest ' || i, 'guest ' || i,
            '01930000-0000-7000-8013-' || substr(CAST(1000000000000 + i AS TEXT), 2),
            '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + i AS TEXT), 2), $2 FROM n"
);

const OF_MESSAGES: [Sql; 12] = [
    BROADCASTS,
    MESSAGES,
    SLOTS,
    EVENTS,
    SENT_EVENTS,
    SAID,
    REACTIONS,
    REFUSALS,
    KEYS,
    AUDIT,
    RECEIPTS,
    WRITERS,
];

// A trigger for each of some million rows takes minutes. SQLite's cannot be turned off: they check what PostgreSQL's would.
const NO_TRIGGERS: Sql = Sql::each("SELECT 1", "SET LOCAL session_replication_role = replica");

const NO_LIVE_EVENTS: Sql = Sql::both("DELETE FROM live_event");

/// The id of such a row: contacts are 8001, messages 8003, broadcasts 8010, guests 8014, the account 8015.
pub(crate) fn numbered<T: FromStr>(kind: &str, number: u64) -> Result<T, Error> {
    let id = format!("01930000-0000-7000-{kind}-{number:012}");
    id.parse().map_err(|_| Error::Corrupt { column: "id" })
}

const SEEN: Sql = counted!(
    "INSERT INTO conversation_seen (account_id, contact_id, seen_at)
     SELECT '01930000-0000-7000-8015-000000000000',
            '01930000-0000-7000-8001-' || substr(CAST(1000000000000 + i AS TEXT), 2), $2 FROM n"
);

const ACCOUNT: Sql = Sql::both(
    "INSERT INTO account (id, name, name_folded, role, session, language, password_hash, created_at)
     VALUES ($1, 'Anna', 'anna', 'couple', $2, 'it', 'none', $3)",
);

impl TestDatabase {
    /// Puts a history into a database that has no contacts.
    pub async fn fill_history(&self, history: &History<'_>) -> Result<(), Error> {
        let History {
            session,
            messages,
            waits_among,
            guests,
            now,
        } = *history;
        let wrote_at = now - chrono::TimeDelta::days(9);
        let mut tx = self.store().db.write().await?;
        tx.execute(&NO_TRIGGERS, Vec::new()).await?;
        super::fill_guests(&mut tx, session, guests, wrote_at).await?;
        for sql in [&HOUSEHOLDS, &GUESTS] {
            tx.execute(sql, args![2 * guests, wrote_at]).await?;
        }
        let account = args![numbered::<AccountId>("8015", 0)?, session, now];
        tx.execute(&ACCOUNT, account).await?;
        tx.execute(&SEEN, args![2 * guests, now]).await?;
        let args = || args![messages, now, session, guests, waits_among];
        for sql in &OF_MESSAGES {
            tx.execute(sql, args()).await?;
        }
        tx.execute(&NO_LIVE_EVENTS, Vec::new()).await?;
        tx.execute(&LIVE, args()).await?;
        tx.execute(&super::LOOK, Vec::new()).await?;
        tx.commit().await
    }
}
