//! A row of the queue as its attempt, its answers and its receipts need it, and the statements that read such rows.
//!
//! Nothing is written here. Callers hold the session's lock, so what was read stays true until they commit.

use domain::{
    Timestamp,
    ack::Ack,
    ids::{AttemptId, ContactId, ConversationMessageId, MessageId},
    message_status::{MessageStatus, Verb},
    message_text::MessageText,
    release::MessageFacts,
    session::SessionName,
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    facts_of_release::message_facts,
    session_number::SessionNumber,
};

/// One message with all that moves it. It cannot be printed: it holds a phone number.
pub(crate) struct QueueRow {
    pub(crate) message: MessageId,
    pub(crate) session: SessionName,
    pub(crate) contact: ContactId,
    pub(crate) status: MessageStatus,
    /// The own number that its newest attempt was decided for.
    pub(crate) own_number: Option<String>,
    pub(crate) version: i64,
    pub(crate) rank: i64,
    pub(crate) priority: i64,
    pub(crate) text: MessageText,
    pub(crate) link_preview: bool,
    pub(crate) reply_to: Option<ConversationMessageId>,
    /// What the rules look at.
    pub(crate) facts: MessageFacts,
    pub(crate) attempt: Option<AttemptId>,
    pub(crate) committed_at: Option<Timestamp>,
    /// The id that the engine let us choose.
    pub(crate) client_raw_id: Option<String>,
    pub(crate) raw_id: Option<String>,
    /// The own raw ids that the chat held before the commit.
    pub(crate) snapshot: Vec<String>,
    pub(crate) ack: Option<Ack>,
    pub(crate) delivered_at: Option<Timestamp>,
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) uncertain_since: Option<Timestamp>,
    /// How often the chat was looked at while in doubt.
    pub(crate) looked: u32,
    pub(crate) preemptions: i64,
    pub(crate) abandoned: i64,
    pub(crate) abandoned_since: Option<Timestamp>,
}

/// `queue_rows!("WHERE …")`: the statement that reads whole rows. `queue_rows!("WHERE …", postgres "…")`: with a lock on PostgreSQL.
macro_rules! queue_rows {
    ($tail:literal) => {
        $crate::db::Sql::both($crate::release::queue_rows!(text $tail))
    };
    ($tail:literal, postgres $lock:literal) => {
        $crate::db::Sql::each(
            $crate::release::queue_rows!(text $tail),
            concat!($crate::release::queue_rows!(text $tail), " ", $lock),
        )
    };
    (text $tail:literal) => {
        concat!(
            "SELECT q.id, q.session, q.contact_id, q.status, q.version, q.rank, q.priority, q.body, q.lane, q.send_now,
                    q.link_preview, q.queued_at, q.not_before, q.not_after, q.drop_if_answered, q.reply_to, q.attempt_id,
                    q.committed_at, q.client_raw_id, q.raw_id, q.snapshot, q.ack, q.delivered_at, q.read_at, q.uncertain_since, q.looked,
                    q.preemptions, q.abandoned, q.abandoned_since, q.own_number,
                    (SELECT r.at FROM conversation_message r WHERE r.id = q.reply_to) AS answers_at,
                    (SELECT b.state FROM broadcast b WHERE b.id = q.broadcast_id) AS broadcast_state
             FROM whatsapp_message_queue q ",
            $tail
        )
    };
}
pub(crate) use queue_rows;

const OF_ATTEMPT: Sql = queue_rows!("WHERE q.attempt_id = $1");

/// The row whose newest attempt this is.
pub(crate) async fn of_attempt(tx: &mut Tx, attempt: AttemptId) -> Result<Option<QueueRow>, Error> {
    first(tx, &OF_ATTEMPT, args![attempt]).await
}

const BY_ID: Sql = queue_rows!("WHERE q.id = $1");

/// The row as it is now.
pub(crate) async fn by_id(tx: &mut Tx, message: MessageId) -> Result<QueueRow, Error> {
    first(tx, &BY_ID, args![message])
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })
}

/// The first row that a `queue_rows!` statement finds.
pub(crate) async fn first(
    tx: &mut Tx,
    sql: &Sql,
    args: Vec<crate::db::Value>,
) -> Result<Option<QueueRow>, Error> {
    tx.first(sql, args).await?.map(|row| read(&row)).transpose()
}

/// All rows that a `queue_rows!` statement finds.
pub(crate) async fn all(
    tx: &mut Tx,
    sql: &Sql,
    args: Vec<crate::db::Value>,
) -> Result<Vec<QueueRow>, Error> {
    tx.all(sql, args).await?.iter().map(read).collect()
}

impl QueueRow {
    /// The status after `verb`, as the state machine has it.
    pub(crate) fn after(&self, verb: Verb) -> Result<MessageStatus, Error> {
        Ok(self.status.after(verb)?)
    }

    /// Whether the message waits, or was cancelled while it waited: what is told of a send of it belongs to an earlier one.
    pub(crate) const fn is_between_attempts(&self) -> bool {
        matches!(
            self.status,
            MessageStatus::Pending | MessageStatus::Cancelled
        )
    }

    /// What its attempt is counted for.
    pub(crate) fn session_number(&self) -> SessionNumber<'_> {
        SessionNumber {
            session: &self.session,
            number: self.own_number.as_deref().unwrap_or_default(),
        }
    }

    /// When it was committed, cut to the second: WAHA's times know no more.
    pub(crate) fn commit_second(&self) -> Option<Timestamp> {
        use chrono::SubsecRound;
        self.committed_at.map(|at| at.trunc_subsecs(0))
    }
}

fn read(row: &Row) -> Result<QueueRow, Error> {
    let ack = row.opt_int("ack")?.map(Ack::try_from).transpose();
    let snapshot = row.opt_text("snapshot")?;
    Ok(QueueRow {
        message: row.parsed("id")?,
        session: row.parsed("session")?,
        contact: row.parsed("contact_id")?,
        status: row.parsed("status")?,
        own_number: row.opt_text("own_number")?,
        version: row.int("version")?,
        rank: row.int("rank")?,
        priority: row.int("priority")?,
        text: row.made("body")?,
        link_preview: row.flag("link_preview")?,
        reply_to: row.opt_parsed("reply_to")?,
        facts: message_facts(row)?,
        attempt: row.opt_parsed("attempt_id")?,
        committed_at: row.opt_time("committed_at")?,
        client_raw_id: row.opt_text("client_raw_id")?,
        raw_id: row.opt_text("raw_id")?,
        snapshot: snapshot.map_or(Ok(Vec::new()), |json| serde_json::from_str(&json))?,
        ack: ack.map_err(|_| Error::Corrupt { column: "ack" })?,
        delivered_at: row.opt_time("delivered_at")?,
        read_at: row.opt_time("read_at")?,
        uncertain_since: row.opt_time("uncertain_since")?,
        looked: row.count("looked")?,
        preemptions: row.int("preemptions")?,
        abandoned: row.int("abandoned")?,
        abandoned_since: row.opt_time("abandoned_since")?,
    })
}
