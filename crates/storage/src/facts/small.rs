//! Small facts about messages of guests' conversations: reactions, edits, deletions. None of them is ever evidence.

use domain::{Timestamp, chat_id::ChatId, session::SessionName, wire::ObservedMessage};

use crate::{
    Error, Store,
    db::{Sql, args},
};

use super::identity;

/// A reaction to a message; an empty emoji takes it back.
#[derive(Debug, Clone, Copy)]
pub struct Reaction<'a> {
    /// Raw id of the message reacted to.
    pub target: &'a str,
    /// The emoji.
    pub emoji: &'a str,
    /// By us.
    pub from_me: bool,
    /// When.
    pub at: Timestamp,
}

const STORED: Sql = Sql::both(
    "SELECT contact_id FROM conversation_message WHERE session = $1 AND raw_id = $2 LIMIT 1",
);

// An empty one is kept: it must outlast an older one that comes late.
const REACT: Sql = Sql::both(
    "INSERT INTO message_reaction (session, target_raw, from_me, contact_id, emoji, at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (session, target_raw, from_me) DO UPDATE SET emoji = excluded.emoji, at = excluded.at
     WHERE message_reaction.at <= excluded.at",
);

const EDIT: Sql = Sql::both(
    "UPDATE conversation_message SET body = $3, edited_at = $4
     WHERE session = $1 AND raw_id = $2 AND (edited_at IS NULL OR edited_at <= $4)",
);

const REVOKE: Sql = Sql::both(
    "UPDATE conversation_message SET revoked_at = $3
     WHERE session = $1 AND raw_id = $2 AND (revoked_at IS NULL OR revoked_at > $3)",
);

impl Store {
    /// Keeps the newest reaction to a stored message. Whether the message is stored.
    pub async fn record_reaction(
        &self,
        session: &SessionName,
        reaction: Reaction<'_>,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let target = tx.first(&STORED, args![session, reaction.target]).await?;
        let Some(target) = target else {
            return Ok(false);
        };
        let args = args![
            session,
            reaction.target,
            reaction.from_me,
            target.text("contact_id")?,
            reaction.emoji,
            reaction.at
        ];
        tx.execute(&REACT, args).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a stored message its new text, unless a newer one is known. Whether it is stored.
    pub async fn record_edit(
        &self,
        session: &SessionName,
        target: &str,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let stored = tx.first(&STORED, args![session, target]).await?.is_some();
        let args = args![session, target, message.body.clone(), message.at.min(now)];
        tx.execute(&EDIT, args).await?;
        tx.commit().await?;
        Ok(stored)
    }

    /// Marks a stored message as deleted by its writer. Whether it is stored.
    pub async fn record_revoke(
        &self,
        session: &SessionName,
        target: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let stored = tx.first(&STORED, args![session, target]).await?.is_some();
        tx.execute(&REVOKE, args![session, target, at]).await?;
        tx.commit().await?;
        Ok(stored)
    }

    /// Somebody wrote what cannot be read yet: whether the chat is a guest's. Nothing is stored, and it is never evidence: the
    /// readable message follows, or is found when the chat is read.
    pub async fn record_waiting(&self, chat: &ChatId) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        let found = identity::find(&mut tx, chat, None).await?;
        identity::any_known(&mut tx, &found).await
    }
}
