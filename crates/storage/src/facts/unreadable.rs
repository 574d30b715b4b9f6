//! Messages that WhatsApp could not decrypt: a person has to look at the phone, unless the readable message follows soon.
//!
//! The rules that must hold: such a message is never evidence, because its text is not known; it is no to-do any more once the
//! readable one is stored; of an unknown sender only that they wrote is kept, as of any unknown sender.

use domain::{
    Timestamp,
    ids::ContactId,
    session::SessionName,
    wire::{MessageKind, ObservedMessage},
};

use super::{affairs::Affair, messages::contacts_of, own_identity::without_own};
use crate::{
    Actor, Error, Store,
    audit::Deed,
    db::{Sql, Tx, args},
    locks,
};

/// A guest's messages on one session that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The contact that wrote them.
    pub contact: ContactId,
    /// The session that received them.
    pub session: SessionName,
    /// When the newest of them was written.
    pub at: Timestamp,
}

// No message of a person who was taken off the list: the same question as `identity::any_known`.
macro_rules! of_known {
    () => {
        "(EXISTS (SELECT 1 FROM guest g WHERE g.contact_id = u.contact_id)
          OR EXISTS (SELECT 1 FROM contact c WHERE c.id = u.contact_id AND c.household_id IS NOT NULL)
          OR EXISTS (SELECT 1 FROM whatsapp_message_queue q WHERE q.contact_id = u.contact_id))"
    };
}

// Not when the readable one came first.
const KEEP: Sql = Sql::both(
    "INSERT INTO unreadable_message (session, raw_id, contact_id, at)
     SELECT name, $2, $3, $4 FROM whatsapp_session_status
     WHERE name = $1 AND NOT EXISTS
         (SELECT 1 FROM conversation_message m WHERE m.session = $1 AND m.direction = 'inbound' AND m.raw_id = $2)
     ON CONFLICT (session, raw_id) DO NOTHING",
);

const RESOLVE: Sql = Sql::both("DELETE FROM unreadable_message WHERE session = $1 AND raw_id = $2");

const UNREADABLE: Sql = Sql::both(concat!(
    "SELECT u.contact_id, u.session, max(u.at) AS at FROM unreadable_message u WHERE u.at < $1 AND ",
    of_known!(),
    " GROUP BY u.contact_id, u.session ORDER BY max(u.at), u.contact_id, u.session LIMIT $2"
));

const DISMISS: Sql =
    Sql::both("DELETE FROM unreadable_message WHERE contact_id = $1 AND session = $2 AND at <= $3");

impl Store {
    /// Keeps that a guest wrote what cannot be read, and of an unknown sender only that they wrote.
    pub async fn record_unreadable(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<(), Error> {
        // what it is made of is not known either: it counts as a message, and brings no invitation's code
        let message = &ObservedMessage {
            kind: MessageKind::Text,
            body: None,
            ..message.clone()
        };
        let mut tx = self.db.read().await?;
        let Some(message) = without_own(&mut tx, session, message).await? else {
            return Ok(());
        };
        drop(tx);
        let message = &*message;
        match self.look_at(session, message, now).await? {
            Affair::Conversation => self.keep_unreadable(session, message, now).await,
            Affair::Unknown(_) => {
                self.keep_unknown_writer(session, message, now).await?;
                Ok(())
            }
            Affair::FirstWord(_) | Affair::Nothing => Ok(()),
        }
    }

    async fn keep_unreadable(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let found = contacts_of(&mut tx, session, message).await?;
        let Some(contact) = found.first().copied() else {
            return Ok(());
        };
        if locks::lock_contact(&mut tx, contact).await? {
            let at = message.at.min(now);
            let args = args![session, &message.raw_id, contact, at];
            tx.execute(&KEEP, args).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Who wrote what could not be read before that time, oldest first, `limit` at most.
    pub async fn unreadable(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Unreadable>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.all(&UNREADABLE, args![before, i64::from(limit)]).await?;
        let read = rows.iter().map(|row| {
            Ok(Unreadable {
                contact: row.parsed("contact_id")?,
                session: row.parsed("session")?,
                at: row.time("at")?,
            })
        });
        read.collect()
    }

    /// A person has looked at the phone of that session and seen what was written up to that time. Returns whether there was
    /// anything unreadable.
    pub async fn dismiss_unreadable(
        &self,
        seen: &Unreadable,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let args = args![seen.contact, &seen.session, seen.at];
        if tx.execute(&DISMISS, args).await? == 0 {
            return Ok(false);
        }
        let deed = Deed {
            action: "unreadable.dismiss",
            subject: &seen.contact.to_string(),
            detail: None,
        };
        self.write_audit(&mut tx, actor, deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The readable message is stored.
pub(super) async fn resolve(tx: &mut Tx, session: &SessionName, raw_id: &str) -> Result<(), Error> {
    tx.execute(&RESOLVE, args![session, raw_id]).await?;
    Ok(())
}
