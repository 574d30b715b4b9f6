//! The statements of enqueueing, and the shape of the one JSON argument that brings thousands of rows to them.

use domain::{
    Timestamp,
    ids::{BroadcastId, ContactId, ConversationMessageId, EventId, MessageId},
    lane::Lane,
    session::SessionName,
};
use serde::Serialize;

use super::{NewMessage, message_row::rank, standing::scheduled};
use crate::{db::Sql, search_text::folded, wait_columns::eligible_at};

/// A message as one element of [`INSERT`]'s argument.
#[derive(Serialize)]
pub(super) struct JsonRow<'a> {
    id: MessageId,
    session: &'a SessionName,
    contact: ContactId,
    body: &'a str,
    folded: String,
    lane: Lane,
    rank: i64,
    priority: i32,
    not_before: Option<i64>,
    not_after: Option<i64>,
    /// `not_before`, when the row waits for it.
    starts: Option<i64>,
    drop_if_answered: u8,
    send_now: u8,
    link_preview: u8,
    reply_to: Option<ConversationMessageId>,
    broadcast: Option<BroadcastId>,
}

impl<'a> JsonRow<'a> {
    pub(super) fn new(message: &'a NewMessage, contact: ContactId, now: Timestamp) -> Self {
        let millis = |at: Timestamp| at.timestamp_millis();
        let waits = scheduled(message.not_before, message.send_now, now);
        Self {
            id: message.id,
            session: &message.session,
            contact,
            body: message.text.as_str(),
            folded: folded(message.text.as_str()),
            lane: message.lane,
            rank: rank(message.send_now, message.lane),
            priority: message.priority,
            not_before: message.not_before.map(millis),
            not_after: message.not_after.map(millis),
            starts: waits.and_then(|wait| eligible_at(wait.ends)).map(millis),
            drop_if_answered: message.drop_if_answered.into(),
            send_now: message.send_now.into(),
            link_preview: message.link_preview.into(),
            reply_to: message.reply_to,
            broadcast: message.broadcast,
        }
    }
}

/// An event as one element of [`INSERT_EVENTS`]' argument.
#[derive(Serialize)]
pub(crate) struct JsonEvent {
    pub(crate) id: EventId,
    pub(crate) message: MessageId,
}

/// The columns that both databases fill alike, from `n` (the new row) and `s` (its contact on its session).
/// $2 now, $3 and $4 the wait for consent, $5 and $6 the wait for a time, $7 how many rows. Without that number PostgreSQL expects a
/// hundred of any argument, and reads the whole of `contact_session` for one.
macro_rules! insert {
    ($rows:literal) => {
        concat!(
            "INSERT INTO whatsapp_message_queue
                 (id, session, contact_id, body, body_folded, lane, rank, priority, not_before, not_after,
                  drop_if_answered, send_now, link_preview, reply_to, broadcast_id, status, queued_at,
                  due, eligible_at, wait_reason, wait_ends)
             SELECT n.id, n.session, n.contact, n.body, n.folded, n.lane, n.rank, n.priority, n.not_before, n.not_after,
                    n.drop_if_answered, n.send_now, n.link_preview, n.reply_to, n.broadcast, 'pending', $2,
                    CASE WHEN s.evidence_id IS NULL OR n.starts IS NOT NULL THEN 0 ELSE 1 END,
                    CASE WHEN s.evidence_id IS NOT NULL THEN n.starts END,
                    CASE WHEN s.evidence_id IS NULL THEN $3 WHEN n.starts IS NOT NULL THEN $5 END,
                    CASE WHEN s.evidence_id IS NULL THEN $4 WHEN n.starts IS NOT NULL THEN $6 END
             FROM ", $rows, " n
             LEFT JOIN whatsapp_session_status l ON l.name = n.session
             LEFT JOIN contact_session s ON s.contact_id = n.contact AND s.session = n.session AND s.own_number = l.own_number
             WHERE true
             ON CONFLICT (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL DO NOTHING
             RETURNING id"
        )
    };
}

pub(super) const INSERT: Sql = Sql::each(
    insert!(
        "(SELECT value ->> 'id' AS id, value ->> 'session' AS session, value ->> 'contact' AS contact,
                 value ->> 'body' AS body, value ->> 'folded' AS folded, value ->> 'lane' AS lane,
                 value ->> 'rank' AS rank, value ->> 'priority' AS priority,
                 value ->> 'not_before' AS not_before, value ->> 'not_after' AS not_after, value ->> 'starts' AS starts,
                 value ->> 'drop_if_answered' AS drop_if_answered, value ->> 'send_now' AS send_now,
                 value ->> 'link_preview' AS link_preview, value ->> 'reply_to' AS reply_to,
                 value ->> 'broadcast' AS broadcast
          FROM json_each($1) LIMIT $7)"
    ),
    insert!(
        "(SELECT * FROM json_to_recordset(CAST($1 AS json)) AS r
            (id text, session text, contact text, body text, folded text, lane text, rank bigint, priority bigint,
             not_before bigint, not_after bigint, starts bigint, drop_if_answered bigint, send_now bigint,
             link_preview bigint, reply_to text, broadcast text) LIMIT $7)"
    ),
);

pub(super) const INSERT_EVENTS: Sql = Sql::each(
    "INSERT INTO whatsapp_message_event (id, message_id, phase, at)
     SELECT value ->> 'id', value ->> 'message', 'queued', $2 FROM json_each($1)",
    "INSERT INTO whatsapp_message_event (id, message_id, phase, at)
     SELECT r.id, r.message, 'queued', $2 FROM json_to_recordset(CAST($1 AS json)) AS r (id text, message text)",
);

/// The first row whose `reply_to` is not an inbound message of its contact on its session.
pub(super) const UNKNOWN_REPLY: Sql = Sql::each(
    "SELECT n.value ->> 'id' AS id FROM json_each($1) n
     WHERE n.value ->> 'reply_to' IS NOT NULL
       AND (SELECT m.id FROM conversation_message m
            WHERE m.id = n.value ->> 'reply_to' AND m.session = n.value ->> 'session'
              AND m.contact_id = n.value ->> 'contact' AND m.direction = 'inbound') IS NULL
     ORDER BY n.key LIMIT 1",
    "SELECT n.value ->> 'id' AS id FROM json_array_elements(CAST($1 AS json)) WITH ORDINALITY AS n (value, key)
     WHERE n.value ->> 'reply_to' IS NOT NULL
       AND (SELECT m.id FROM conversation_message m
            WHERE m.id = n.value ->> 'reply_to' AND m.session = n.value ->> 'session'
              AND m.contact_id = n.value ->> 'contact' AND m.direction = 'inbound') IS NULL
     ORDER BY n.key LIMIT 1",
);

pub(super) const LOCK_SESSIONS: Sql = Sql::each(
    "SELECT name FROM whatsapp_session_status WHERE name IN (SELECT value FROM json_each($1))",
    "SELECT name FROM whatsapp_session_status
     WHERE name IN (SELECT json_array_elements_text(CAST($1 AS json))) ORDER BY name FOR KEY SHARE",
);
