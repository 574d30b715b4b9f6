//! What was said with a contact, both ways: by the guest, by the queue, and by a spouse's own thumbs. Reading only.

use std::fmt;

use domain::{
    Timestamp,
    conversation::Origin,
    ids::{ContactId, ConversationMessageId, MessageId},
    session::SessionName,
    wire::MessageKind,
};

use crate::{
    Cursor, Error, Page, Store,
    db::{Row, Sql, args},
};

/// A message of a conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Its id: what an answer to it is enqueued with.
    pub id: ConversationMessageId,
    /// On whose WhatsApp.
    pub session: SessionName,
    /// Who wrote it.
    pub origin: Origin,
    /// What it is made of.
    pub kind: MessageKind,
    /// Its text or caption, as it is now; gone when it was deleted.
    pub text: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// What it quotes.
    pub quotes: Option<Quoted>,
    /// The contact's reaction to it.
    pub their_reaction: Option<String>,
    /// Our reaction to it.
    pub our_reaction: Option<String>,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// When its writer deleted it for everybody.
    pub revoked_at: Option<Timestamp>,
    /// The queue's message that it is.
    pub message: Option<MessageId>,
    /// When it reached a device, of the queue's.
    pub delivered_at: Option<Timestamp>,
    /// When it was read, of the queue's.
    pub read_at: Option<Timestamp>,
}

/// A message that another one quotes.
#[derive(Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Its id, when it is stored: one from before the pairing is not.
    pub id: Option<ConversationMessageId>,
    /// What it says now.
    pub text: Option<String>,
}

// What people write never reaches a log, not even through `{:?}`.
impl fmt::Debug for ConversationRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversationRow")
            .field("id", &self.id)
            .field("session", &self.session)
            .field("origin", &self.origin)
            .field("kind", &self.kind)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

const KNOWN: Sql = Sql::both("SELECT id FROM contact WHERE id = $1");

// A place in the conversation is a time and an id: what was found late stands where it was written.
// $1 contact, $2 session, $3 the message to go on from, $4 limit.
macro_rules! page {
    ($of_session:literal) => {
        Sql::both(concat!(
            "SELECT m.id, m.session, m.origin, m.kind, m.body, m.at, m.reply_to_raw, m.edited_at, m.revoked_at,
                    (SELECT r.emoji FROM message_reaction r
                     WHERE r.session = m.session AND r.target_raw = m.raw_id AND r.from_me = 0) AS their_reaction,
                    (SELECT r.emoji FROM message_reaction r
                     WHERE r.session = m.session AND r.target_raw = m.raw_id AND r.from_me = 1) AS our_reaction,
                    a.id AS quoted_id, a.body AS quoted_body,
                    q.id AS message_id, q.delivered_at, q.read_at
             FROM conversation_message m
             LEFT JOIN conversation_message a ON a.id =
                 (SELECT min(b.id) FROM conversation_message b
                  WHERE b.session = m.session AND b.direction IN ('inbound', 'outbound') AND b.raw_id = m.reply_to_raw
                    AND b.contact_id = m.contact_id)
             LEFT JOIN whatsapp_message_queue q
                 ON q.session = m.session AND q.raw_id = m.raw_id AND m.direction = 'outbound'
             WHERE m.contact_id = $1 AND ", $of_session, "
               AND ($3 IS NULL OR (m.at, m.id) < (SELECT c.at, c.id FROM conversation_message c WHERE c.id = $3))
             ORDER BY m.at DESC, m.id DESC LIMIT $4"
        ))
    };
}

const PAGE: Sql = page!("CAST($2 AS TEXT) IS NULL");
const PAGE_OF_SESSION: Sql = page!("m.session = $2");

impl Store {
    /// A page of what was said with a contact, newest first, on one session or on all; `None`: there is no such contact.
    pub async fn conversation(
        &self,
        contact: ContactId,
        session: Option<&SessionName>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Option<Page<ConversationRow>>, Error> {
        let mut tx = self.db.read().await?;
        if tx.first(&KNOWN, args![contact]).await?.is_none() {
            return Ok(None);
        }
        let args = args![
            contact,
            session,
            after.map(Cursor::id),
            Page::<ConversationRow>::fetch(limit)
        ];
        let page = session.map_or(&PAGE, |_| &PAGE_OF_SESSION);
        let rows = tx.all(page, args).await?;
        let items = rows.iter().map(read).collect::<Result<_, _>>()?;
        let id = |row: &ConversationRow| row.id.as_uuid();
        Ok(Some(Page::of(items, limit, id)))
    }
}

fn read(row: &Row) -> Result<ConversationRow, Error> {
    Ok(ConversationRow {
        id: row.parsed("id")?,
        session: row.parsed("session")?,
        origin: row.parsed("origin")?,
        kind: row.parsed("kind")?,
        text: row.opt_text("body")?,
        at: row.time("at")?,
        quotes: quoted(row)?,
        their_reaction: reaction(row, "their_reaction")?,
        our_reaction: reaction(row, "our_reaction")?,
        edited_at: row.opt_time("edited_at")?,
        revoked_at: row.opt_time("revoked_at")?,
        message: row.opt_parsed("message_id")?,
        delivered_at: row.opt_time("delivered_at")?,
        read_at: row.opt_time("read_at")?,
    })
}

fn quoted(row: &Row) -> Result<Option<Quoted>, Error> {
    if row.opt_text("reply_to_raw")?.is_none() {
        return Ok(None);
    }
    Ok(Some(Quoted {
        id: row.opt_parsed("quoted_id")?,
        text: row.opt_text("quoted_body")?,
    }))
}

/// An empty one was taken back.
fn reaction(row: &Row, column: &'static str) -> Result<Option<String>, Error> {
    Ok(row.opt_text(column)?.filter(|emoji| !emoji.is_empty()))
}
