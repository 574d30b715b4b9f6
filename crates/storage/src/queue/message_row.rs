//! A message as it is shown: the queue's row with the names of the guests who share its contact.

use domain::{
    Timestamp,
    broadcast::BroadcastState,
    ids::{AttemptId, BroadcastId, ContactId, ConversationMessageId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
    message_text::MessageText,
    outcome::FailureReason,
    phone_number::PhoneNumber,
    release::Evidence,
    session::SessionName,
    wait::Wait,
};

use super::CancelReason;
use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    facts_of_release::evidence,
    wait_columns::read_wait,
};

/// One message of the queue.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// The session that sends it.
    pub session: SessionName,
    /// Who receives it.
    pub contact: ContactId,
    /// Their number, when known.
    pub phone: Option<PhoneNumber>,
    /// The guests who share that contact, by name.
    pub guest_names: Vec<String>,
    /// The contact's newest message to the own number of that session.
    pub evidence: Option<Evidence>,
    /// What it says.
    pub text: MessageText,
    /// How it came to be.
    pub lane: Lane,
    /// Higher goes first.
    pub priority: i32,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this.
    pub not_after: Option<Timestamp>,
    /// A person said: now.
    pub send_now: bool,
    /// Cancelled when the contact writes.
    pub drop_if_answered: bool,
    /// WAHA may fetch a preview of its first link.
    pub link_preview: bool,
    /// Where it is in its life.
    pub status: MessageStatus,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
    /// When the claim looks at it again by itself; `None`: it is due, or waits for an event or a person.
    pub eligible_at: Option<Timestamp>,
    /// What it waits for by itself, as stored; waits of the whole session are not stored.
    pub wait: Option<Wait>,
    /// How many compositions were started.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<FailureReason>,
    /// When a person left that failure at that.
    pub failure_left_at: Option<Timestamp>,
    /// The inbound message it answers.
    pub reply_to: Option<ConversationMessageId>,
    /// The broadcast it is a copy of.
    pub broadcast: Option<BroadcastId>,
    /// Where that broadcast is in its life; `None`: it is not one of ours.
    pub broadcast_state: Option<BroadcastState>,
    /// When it was put into the queue.
    pub queued_at: Timestamp,
    /// Its newest attempt.
    pub attempt: Option<AttemptId>,
    /// When that attempt passed the point of no return.
    pub committed_at: Option<Timestamp>,
    /// When WhatsApp's side accepted it.
    pub sent_at: Option<Timestamp>,
    /// When it reached a device.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// WhatsApp's raw id.
    pub raw_id: Option<String>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
}

/// The rank of everything that nobody hurried and that answers nobody.
pub(super) const AUTOMATIC: i64 = 2;

/// The order of the claim: 0 send now, 1 reply, 2 everything else.
pub(super) const fn rank(send_now: bool, lane: Lane) -> i64 {
    match lane {
        _ if send_now => 0,
        Lane::Reply => 1,
        Lane::Manual | Lane::Broadcast => AUTOMATIC,
    }
}

/// A query for [`MessageRow::read`] over `whatsapp_message_queue q`, continued by the given text.
macro_rules! message_query {
    (names $names:literal, $rest:expr) => {
        concat!(
            "SELECT q.id, q.session, q.contact_id, c.phone, q.body, q.lane, q.priority, q.not_before, q.not_after,
                    q.send_now, q.drop_if_answered, q.link_preview, q.status, q.version, q.eligible_at, q.wait_reason,
                    q.wait_ends, q.attempts, q.last_error, q.reply_to, q.broadcast_id, q.queued_at, q.attempt_id,
                    q.committed_at, q.sent_at, q.delivered_at, q.read_at, q.raw_id, q.cancel_reason, q.rank, q.failure_left_at,
                    (SELECT b.state FROM broadcast b WHERE b.id = q.broadcast_id) AS broadcast_state,
                    a.at AS answers_at, e.id AS evidence_id, e.chat_id AS evidence_chat, e.at AS evidence_at,
                    (SELECT ", $names, " FROM guest g WHERE g.contact_id = q.contact_id) AS guest_names
             FROM whatsapp_message_queue q
             JOIN contact c ON c.id = q.contact_id
             LEFT JOIN conversation_message a ON a.id = q.reply_to
             LEFT JOIN whatsapp_session_status l ON l.name = q.session
             LEFT JOIN contact_session s
                 ON s.contact_id = q.contact_id AND s.session = q.session AND s.own_number = l.own_number
             LEFT JOIN conversation_message e
                 ON e.id = s.evidence_id AND e.session = s.session AND e.own_number = s.own_number
                     AND e.contact_id || '' = s.contact_id AND e.direction = 'inbound' ",
            $rest
        )
    };
    ($rest:expr) => {
        message_query!($rest, $rest)
    };
    ($sqlite:expr, $postgres:expr) => {
        $crate::db::Sql::each(
            message_query!(names "json_group_array(g.name)", $sqlite),
            message_query!(names "CAST(COALESCE(json_agg(g.name), '[]') AS text)", $postgres),
        )
    };
}
pub(super) use message_query;

const ONE: Sql = message_query!("WHERE q.id = $1");

/// The row of one message, as [`MessageRow::read`] and `message_facts` read it.
pub(super) async fn find(tx: &mut Tx, id: MessageId) -> Result<Option<Row>, Error> {
    tx.first(&ONE, args![id]).await
}

impl MessageRow {
    /// Reads a row of [`message_query`].
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        let mut guest_names: Vec<String> = serde_json::from_str(&row.text("guest_names")?)?;
        guest_names.sort_unstable();
        Ok(Self {
            id: row.parsed("id")?,
            session: row.parsed("session")?,
            contact: row.parsed("contact_id")?,
            phone: row.opt_made("phone")?,
            guest_names,
            evidence: evidence(row)?,
            text: row.made("body")?,
            lane: row.parsed("lane")?,
            priority: i32::try_from(row.int("priority")?)
                .map_err(|_| Error::Corrupt { column: "priority" })?,
            not_before: row.opt_time("not_before")?,
            not_after: row.opt_time("not_after")?,
            send_now: row.flag("send_now")?,
            drop_if_answered: row.flag("drop_if_answered")?,
            link_preview: row.flag("link_preview")?,
            status: row.parsed("status")?,
            version: row.int("version")?,
            eligible_at: row.opt_time("eligible_at")?,
            wait: read_wait(row)?,
            attempts: row.int("attempts")?,
            last_error: row.opt_parsed("last_error")?,
            failure_left_at: row.opt_time("failure_left_at")?,
            reply_to: row.opt_parsed("reply_to")?,
            broadcast: row.opt_parsed("broadcast_id")?,
            broadcast_state: row.opt_parsed("broadcast_state")?,
            queued_at: row.time("queued_at")?,
            attempt: row.opt_parsed("attempt_id")?,
            committed_at: row.opt_time("committed_at")?,
            sent_at: row.opt_time("sent_at")?,
            delivered_at: row.opt_time("delivered_at")?,
            read_at: row.opt_time("read_at")?,
            raw_id: row.opt_text("raw_id")?,
            cancel_reason: row.opt_parsed("cancel_reason")?,
        })
    }
}
