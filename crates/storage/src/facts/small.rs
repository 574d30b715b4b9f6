//! Small facts about messages of guests' conversations: reactions, edits, deletions. None of them is ever evidence.
//!
//! They come in any order, also before the message they are about. The rule that must hold: nothing of them is kept, early or not,
//! unless the chat is a guest's.

use domain::{
    Timestamp, chat_id::ChatId, ids::ContactId, opt_out::Meaning, session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Store, clock_steps,
    db::{Row, Sql, Tx, args},
    locks, release,
};

use super::{
    early_changes::{Change, Changed},
    identity,
    own_identity::OwnIdentities,
    wishes::{self, Wish},
};

/// A chat, by the identities that a fact tells.
#[derive(Debug, Clone, Copy)]
pub struct InChat<'a> {
    /// The chat.
    pub chat: &'a ChatId,
    /// The same person's other identity, when it is told.
    pub alt: Option<&'a ChatId>,
}

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
    "SELECT contact_id FROM conversation_message
     WHERE session = $1 AND direction IN ('inbound', 'outbound') AND raw_id = $2 LIMIT 1",
);

// An empty one is kept: it must outlast an older one that comes late.
const REACT: Sql = Sql::both(
    "INSERT INTO message_reaction (session, target_raw, from_me, contact_id, emoji, at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (session, target_raw, from_me) DO UPDATE SET emoji = excluded.emoji, at = excluded.at
     WHERE message_reaction.at <= excluded.at",
);

// A reaction answers too; it is dated as the session's clock tells it.
const ANSWERED: Sql = Sql::both(
    "UPDATE contact_session SET answered_at = $4
     WHERE contact_id = $1 AND session = $2 AND own_number = $3 AND (answered_at IS NULL OR answered_at < $4)",
);

/// What a fact is about.
#[derive(Clone, Copy)]
struct About<'a> {
    session: &'a SessionName,
    raw_id: &'a str,
    place: InChat<'a>,
}

/// Whose message it is, and whether it is stored.
struct Target {
    contact: ContactId,
    stored: bool,
}

impl Store {
    /// Keeps the newest reaction to a message of a guest's chat, also when the message is still to come. Whether the chat is one.
    pub async fn record_reaction(
        &self,
        session: &SessionName,
        place: InChat<'_>,
        reaction: Reaction<'_>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let about = About {
            session,
            raw_id: reaction.target,
            place,
        };
        let Some((mut tx, target, row)) = self.about_a_guest(about, Meaning::Nothing).await? else {
            return Ok(false);
        };
        let args = args![
            session,
            reaction.target,
            reaction.from_me,
            target.contact,
            reaction.emoji,
            reaction.at
        ];
        let newest = tx.execute(&REACT, args).await? == 1;
        if newest && !reaction.from_me && !reaction.emoji.is_empty() {
            locks::take_turn(&mut tx, target.contact).await?;
            let at = clock_steps::date(&mut tx, session, &row, reaction.at, now).await?;
            let number = row.opt_text("own_number")?;
            tx.execute(&ANSWERED, args![target.contact, session, number, at])
                .await?;
            release::fewer_unanswered(&mut tx, target.contact).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a message of a guest's chat its new text, unless a newer one is known; one that is still to come gets it then. Whether
    /// the chat is one.
    ///
    /// Who makes "stop" of what they wrote means it. Nobody is written to again because of an edit.
    pub async fn record_edit(
        &self,
        session: &SessionName,
        edited: &str,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let meaning = wishes::of(message);
        let about = About {
            session,
            raw_id: edited,
            place: InChat {
                chat: &message.chat,
                alt: message.alt.as_ref(),
            },
        };
        let Some((mut tx, target, row)) = self.about_a_guest(about, meaning).await? else {
            return Ok(false);
        };
        let told = message.at;
        let changed = Changed {
            session,
            target: edited,
            change: Change::Text(message.body.as_deref()),
            at: told.min(now),
        };
        keep(&mut tx, &target, changed, now).await?;
        if matches!(meaning, Meaning::OptOut | Meaning::Pause) {
            let at = clock_steps::date(&mut tx, session, &row, told, now).await?;
            let wish = Wish { meaning, told, at };
            self.heed(&mut tx, target.contact, wish, now).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Marks a message of a guest's chat as deleted by its writer, and forgets its text; also when the message is still to come.
    /// Whether the chat is one.
    pub async fn record_revoke(
        &self,
        session: &SessionName,
        place: InChat<'_>,
        revoked: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let about = About {
            session,
            raw_id: revoked,
            place,
        };
        let Some((mut tx, target, _)) = self.about_a_guest(about, Meaning::Nothing).await? else {
            return Ok(false);
        };
        let changed = Changed {
            session,
            target: revoked,
            change: Change::Deletion,
            at: at.min(now),
        };
        keep(&mut tx, &target, changed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The message a fact is about, with the lock under which messages are stored, on the session's row: none slips in unseen. What
    /// strangers do waits for nobody and keeps nobody waiting.
    async fn about_a_guest(
        &self,
        about: About<'_>,
        wish: Meaning,
    ) -> Result<Option<(Tx, Target, Row)>, Error> {
        if target(&mut self.db.read().await?, about).await?.is_none() {
            return Ok(None);
        }
        let mut tx = self.db.write().await?;
        if wish == Meaning::OptOut {
            locks::lock_all_sessions(&mut tx).await?;
        }
        let Some(row) = locks::lock_session(&mut tx, about.session).await? else {
            return Ok(None);
        };
        let found = target(&mut tx, about).await?;
        Ok(found.map(|target| (tx, target, row)))
    }
}

/// The message a fact is about; `None`: it is none of our business.
async fn target(tx: &mut Tx, about: About<'_>) -> Result<Option<Target>, Error> {
    let args = args![about.session, about.raw_id];
    if let Some(row) = tx.first(&STORED, args).await? {
        let contact = row.parsed("contact_id")?;
        return Ok(Some(Target {
            contact,
            stored: true,
        }));
    }
    let own = OwnIdentities::read(tx, about.session, None).await?;
    let Some((chat, alt)) = own.without(about.place.chat, about.place.alt) else {
        return Ok(None);
    };
    let found = identity::find(tx, chat, alt).await?;
    if !identity::any_known(tx, &found).await? {
        return Ok(None);
    }
    let contact = found.first().copied();
    Ok(contact.map(|contact| Target {
        contact,
        stored: false,
    }))
}

async fn keep(
    tx: &mut Tx,
    target: &Target,
    changed: Changed<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    if target.stored {
        changed.apply(tx).await?;
        Ok(())
    } else {
        changed.park(tx, target.contact, now).await
    }
}
