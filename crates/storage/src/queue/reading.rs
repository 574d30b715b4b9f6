//! Reading the queue: pages and single messages.

use domain::{
    ids::{BroadcastId, ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
    session::SessionName,
};

use super::message_row::{find, message_query};
use crate::{
    Cursor, Error, MessageRow, Page, Store,
    db::{Sql, args},
    search_text::{contains, contains_digits},
};

/// Which messages to show; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    /// Of this session.
    pub session: Option<SessionName>,
    /// In this status.
    pub status: Option<MessageStatus>,
    /// Of this lane.
    pub lane: Option<Lane>,
    /// To this contact.
    pub contact: Option<ContactId>,
    /// Copies of this broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Whose text contains this, whatever the case.
    pub text: Option<String>,
    /// Whose text, or one of whose guests' names, contains this, whatever the case; or whose number does.
    pub search: Option<String>,
}

/// A condition that may be absent.
macro_rules! maybe {
    (session) => {
        " AND ($1 IS NULL OR q.session = $1)"
    };
    (status) => {
        " AND ($2 IS NULL OR q.status = $2)"
    };
    (contact) => {
        " AND ($4 IS NULL OR q.contact_id = $4)"
    };
    (broadcast) => {
        " AND ($5 IS NULL OR q.broadcast_id = $5)"
    };
}

/// A page of messages: the condition that leads to an index, the conditions that may be absent, and the index's order.
/// $1 session, $2 status, $3 lane, $4 contact, $5 broadcast, $6 pattern, $7 cursor, $8 limit, $9 pattern, $10 digits.
/// Whose names fit is found once, not for each message.
macro_rules! page {
    ($leading:literal, [$($also:ident)*], $order:literal) => {
        message_query!(concat!(
            "WHERE ", $leading, $(maybe!($also),)*
            " AND ($3 IS NULL OR q.lane = $3)
              AND ($6 IS NULL OR q.body_folded LIKE $6 ESCAPE '\\')
              AND ($9 IS NULL OR q.body_folded LIKE $9 ESCAPE '\\'
                   OR q.contact_id IN (SELECT w.contact_id FROM guest w
                                       WHERE w.contact_id IS NOT NULL AND w.name_folded LIKE $9 ESCAPE '\\')
                   OR ($10 IS NOT NULL AND c.phone LIKE $10))
             ORDER BY ", $order, " LIMIT $8"
        ))
    };
}

const ALL: Sql = page!("q.id < $7", [session status contact broadcast], "q.id DESC");
const OF_SESSION: Sql = page!("q.session = $1 AND q.id < $7", [status], "q.id DESC");
const IN_STATUS: Sql = page!("q.status = $2 AND q.id < $7", [], "q.id DESC");
const OF_SESSION_IN_STATUS: Sql = page!(
    "q.session = $1 AND q.status = $2 AND q.id < $7",
    [],
    "q.id DESC"
);

// One contact may have half of all messages, or one broadcast. In the order of the ids alone PostgreSQL would read all messages backwards
// until a page is full, so the order is the index's own, and no condition says that its first columns are constant.
const OF_CONTACT: Sql = page!(
    "q.contact_id >= $4 AND (q.contact_id, q.id) < ($4, $7)",
    [session broadcast],
    "q.contact_id DESC, q.id DESC"
);
const OF_CONTACT_IN_STATUS: Sql = page!(
    "(q.contact_id, q.status) >= ($4, $2) AND (q.contact_id, q.status, q.id) < ($4, $2, $7)",
    [session broadcast],
    "q.contact_id DESC, q.status DESC, q.id DESC"
);
const OF_BROADCAST: Sql = page!(
    "q.broadcast_id IS NOT NULL AND q.broadcast_id >= $5 AND (q.broadcast_id, q.id) < ($5, $7)",
    [session status],
    "q.broadcast_id DESC, q.id DESC"
);

/// What is not over: waits, is on its way, is in doubt, or failed and may be tried again.
macro_rules! under_way {
    ($leading:literal, $order:literal) => {
        concat!(
            "WHERE ",
            $leading,
            " AND q.status IN ('pending', 'composing', 'sending', 'uncertain', 'failed')
             ORDER BY ",
            $order,
            " LIMIT $2"
        )
    };
}

// The order is the index's own on PostgreSQL, as above. With that order SQLite would read all of the contact's messages.
const UNDER_WAY: Sql = message_query!(
    under_way!("q.contact_id = $1", "q.id DESC"),
    under_way!(
        "q.contact_id >= $1 AND (q.contact_id, q.id) <= ($1, 'ffffffff-ffff-ffff-ffff-ffffffffffff')",
        "q.contact_id DESC, q.id DESC"
    )
);

impl MessageFilter {
    /// The statement that is led by the condition which leaves the fewest rows.
    const fn statement(&self) -> &'static Sql {
        match self {
            Self {
                contact: Some(_),
                status: Some(_),
                ..
            } => &OF_CONTACT_IN_STATUS,
            Self {
                contact: Some(_), ..
            } => &OF_CONTACT,
            Self {
                broadcast: Some(_), ..
            } => &OF_BROADCAST,
            Self {
                session: Some(_),
                status: Some(_),
                ..
            } => &OF_SESSION_IN_STATUS,
            Self {
                session: Some(_), ..
            } => &OF_SESSION,
            Self {
                status: Some(_), ..
            } => &IN_STATUS,
            _ => &ALL,
        }
    }
}

impl Store {
    /// A page of messages, newest first.
    pub async fn messages(
        &self,
        filter: &MessageFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<MessageRow>, Error> {
        let args = args![
            filter.session.as_ref(),
            filter.status,
            filter.lane,
            filter.contact,
            filter.broadcast,
            filter.text.as_deref().map(contains),
            Cursor::before(after),
            Page::<MessageRow>::fetch(limit),
            filter.search.as_deref().map(contains),
            filter.search.as_deref().and_then(contains_digits)
        ];
        let mut tx = self.db.read().await?;
        let rows = tx.all(filter.statement(), args).await?;
        let items = rows
            .iter()
            .map(MessageRow::read)
            .collect::<Result<_, _>>()?;
        Ok(Page::of(items, limit, |row: &MessageRow| row.id.as_uuid()))
    }

    /// The newest messages to a contact that are not over, newest first.
    pub async fn messages_under_way(
        &self,
        contact: ContactId,
        limit: u32,
    ) -> Result<Vec<MessageRow>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&UNDER_WAY, args![contact, limit]).await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Option<MessageRow>, Error> {
        let mut tx = self.db.read().await?;
        let row = find(&mut tx, id).await?;
        row.as_ref().map(MessageRow::read).transpose()
    }
}
