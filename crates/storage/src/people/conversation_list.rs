//! All conversations at a glance, one line for each contact with whom something was said, and how far each account has read them.
//!
//! The rule that must hold: what is stored after somebody looked is unread for them, however old it says it is. So reading is
//! counted by when a message was stored, never by the time that it carries.

use std::fmt;

use domain::{
    Timestamp,
    conversation::Origin,
    ids::{AccountId, ContactId, ConversationMessageId},
    phone_number::PhoneNumber,
    session::SessionName,
    wire::MessageKind,
};

use crate::{
    Cursor, Error, Page, Store,
    db::{Row, Sql, args},
    search_text::{contains, contains_digits},
};

/// A conversation as a list shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationLine {
    /// With whom.
    pub contact: ContactId,
    /// Their number, when known.
    pub phone: Option<PhoneNumber>,
    /// The guests who share that contact, by name.
    pub guests: Vec<String>,
    /// When they asked for no more messages.
    pub opted_out_at: Option<Timestamp>,
    /// When they wrote something that may mean "no more", and nobody has decided since.
    pub suspended_at: Option<Timestamp>,
    /// The last message.
    pub last: ConversationMessageId,
    /// On whose WhatsApp it is.
    pub session: SessionName,
    /// Who wrote it.
    pub origin: Origin,
    /// What it is made of.
    pub kind: MessageKind,
    /// The beginning of its text; none when there is none, or when it was deleted.
    pub text: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// Whether its writer deleted it.
    pub is_revoked: bool,
    /// How many messages of theirs the account has not seen; 1,000 stands for all that are more.
    pub unread: u32,
}

// What people write never reaches a log, not even through `{:?}`.
impl fmt::Debug for ConversationLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversationLine")
            .field("contact", &self.contact)
            .field("last", &self.last)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}

/// Which conversations to show.
#[derive(Debug, Clone, Default)]
pub struct ConversationFilter {
    /// Only those with something unread.
    pub unread: bool,
    /// Only with guests, or a number, like this.
    pub search: Option<String>,
}

// The last message of each contact is one step into an index, so it costs by contacts, not by messages; names and unread are
// looked up for the lines of the page only.
// $1 account, $2 last message of the page before, $3 only unread, $4 name, $5 number, $6 limit.
macro_rules! lines {
    ($names:literal, $last:literal) => {
        concat!(
            "SELECT p.*,
                    (SELECT ", $names, " FROM guest g WHERE g.contact_id = p.contact_id) AS guest_names,
                    (SELECT CAST(count(*) AS BIGINT) FROM
                        (SELECT u.recorded_at FROM conversation_message u
                         WHERE u.contact_id = p.contact_id AND u.direction = 'inbound' AND u.recorded_at > p.seen_at
                         LIMIT 1000) unseen) AS unread
             FROM (SELECT c.id AS contact_id, c.phone, c.opted_out_at, c.suspended_at, COALESCE(s.seen_at, 0) AS seen_at,
                          m.id, m.session, m.origin, m.kind, substr(m.body, 1, 200) AS body, m.at, m.revoked_at
                   FROM contact c ", $last, "
                   LEFT JOIN conversation_seen s ON s.contact_id = c.id AND s.account_id = $1
                   WHERE ($2 IS NULL OR (m.at, m.id) < (SELECT b.at, b.id FROM conversation_message b WHERE b.id = $2))
                     AND ($3 = 0 OR EXISTS (SELECT 1 FROM conversation_message n
                                            WHERE n.contact_id = c.id AND n.direction = 'inbound'
                                              AND n.recorded_at > COALESCE(s.seen_at, 0)))
                     AND ($4 IS NULL
                          OR EXISTS (SELECT 1 FROM guest w WHERE w.contact_id = c.id AND w.name_folded LIKE $4 ESCAPE '\\')
                          OR ($5 IS NOT NULL AND c.phone LIKE $5))
                   ORDER BY m.at DESC, m.id DESC LIMIT $6) p
             ORDER BY p.at DESC, p.id DESC"
        )
    };
}

const LINES: Sql = Sql::each(
    lines!(
        "json_group_array(g.name)",
        "JOIN conversation_message m ON m.id =
             (SELECT l.id FROM conversation_message l WHERE l.contact_id = c.id ORDER BY l.at DESC, l.id DESC LIMIT 1)"
    ),
    lines!(
        "CAST(COALESCE(json_agg(g.name), '[]') AS text)",
        "JOIN LATERAL (SELECT l.* FROM conversation_message l WHERE l.contact_id = c.id
                       ORDER BY l.at DESC, l.id DESC LIMIT 1) m ON true"
    ),
);

const NEWEST: Sql = Sql::both(
    "SELECT (SELECT recorded_at FROM conversation_message WHERE contact_id = $2 AND direction = 'inbound'
             ORDER BY recorded_at DESC LIMIT 1) AS heard_at,
            (SELECT seen_at FROM conversation_seen WHERE account_id = $1 AND contact_id = $2) AS seen_at",
);

const SEEN: Sql = Sql::both(
    "INSERT INTO conversation_seen (account_id, contact_id, seen_at)
     SELECT $1, c.id, $3 FROM contact c WHERE c.id = $2
     ON CONFLICT (account_id, contact_id) DO UPDATE SET seen_at = $3
     WHERE conversation_seen.seen_at < $3",
);

impl Store {
    /// A page of conversations, those with the newest message first, as that account has read them.
    pub async fn conversations(
        &self,
        account: AccountId,
        filter: &ConversationFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<ConversationLine>, Error> {
        let search = filter.search.as_deref();
        let args = args![
            account,
            after.map(Cursor::id),
            filter.unread,
            search.map(contains),
            search.and_then(contains_digits),
            Page::<ConversationLine>::fetch(limit)
        ];
        let mut tx = self.db.read().await?;
        let rows = tx.all(&LINES, args).await?;
        let items = rows.iter().map(line).collect::<Result<_, _>>()?;
        let id = |line: &ConversationLine| line.last.as_uuid();
        Ok(Page::of(items, limit, id))
    }

    /// That account has seen everything that this contact has written so far. Writes nothing when nothing is new.
    pub async fn mark_conversation_seen(
        &self,
        account: AccountId,
        contact: ContactId,
    ) -> Result<(), Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.first(&NEWEST, args![account, contact]).await? else {
            return Ok(());
        };
        let (heard, seen) = (row.opt_time("heard_at")?, row.opt_time("seen_at")?);
        drop(tx);
        let Some(heard) = heard.filter(|heard| seen.is_none_or(|seen| seen < *heard)) else {
            return Ok(());
        };
        let mut tx = self.db.write().await?;
        tx.execute(&SEEN, args![account, contact, heard]).await?;
        tx.commit().await
    }
}

fn line(row: &Row) -> Result<ConversationLine, Error> {
    let mut guests: Vec<String> = serde_json::from_str(&row.text("guest_names")?)?;
    guests.sort_unstable();
    Ok(ConversationLine {
        contact: row.parsed("contact_id")?,
        phone: row.opt_made("phone")?,
        guests,
        opted_out_at: row.opt_time("opted_out_at")?,
        suspended_at: row.opt_time("suspended_at")?,
        last: row.parsed("id")?,
        session: row.parsed("session")?,
        origin: row.parsed("origin")?,
        kind: row.parsed("kind")?,
        text: row.opt_text("body")?,
        at: row.time("at")?,
        is_revoked: row.opt_time("revoked_at")?.is_some(),
        unread: row.count("unread")?,
    })
}
