//! Whose business a direct message is. Reading only: most of what a private number sees ends here, without a lock.

use domain::{
    Timestamp,
    invitation::InvitationToken,
    session::SessionName,
    wire::{MessageKind, ObservedMessage},
};

use crate::{
    Error, Store,
    db::{Sql, Tx, args},
    unknown_writers::{Found, Kept, Seen, Suggestion},
};

use super::{
    identity::{self, Standing},
    messages::contacts_of,
    receiving_number::receiving_number,
    tying::{self, Use, Written},
};

const SESSION: Sql = Sql::both(
    "SELECT own_number, first_connected_at, number_since, clock_forward_ms, clock_set_at FROM whatsapp_session_status WHERE name = $1",
);

/// What there is to do about a direct message.
pub(super) enum Affair {
    /// It belongs to the conversation with a guest, or with somebody the queue writes to.
    Conversation,
    /// Somebody brings an invitation that waits for its household's first word.
    FirstWord(InvitationToken),
    /// From somebody on no list, of whom it tells something new; who they are, and what is to be kept of them.
    Unknown(Box<(Found, Kept)>),
    /// Nobody's business, or nothing new.
    Nothing,
}

impl Store {
    /// What there is to do about the message. `lock`: what is kept of its writer stays as it is until the transaction ends.
    pub(super) async fn affair(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
        lock: bool,
    ) -> Result<Affair, Error> {
        let found = contacts_of(tx, session, message).await?;
        let standing = identity::standing(tx, &found).await?;
        if standing == Standing::Invited {
            return Ok(Affair::Conversation);
        }
        let written = tying::token_in(tx, message, &found, now).await?;
        if standing == Standing::Addressed {
            return Ok(match free(written) {
                Some(token) => Affair::FirstWord(token),
                None => Affair::Conversation,
            });
        }
        if message.from_me || !is_readable(message) {
            return Ok(Affair::Nothing);
        }
        let row = tx.first(&SESSION, args![session]).await?;
        let Some(row) = row else {
            return Ok(Affair::Nothing);
        };
        let number = receiving_number(tx, session, &row, message).await?;
        if number.is_none() {
            return Ok(Affair::Nothing);
        }
        let writer = self
            .find_unknown_writer(tx, session, message, now, lock)
            .await?;
        if let Some(token) = free(written)
            && !writer.as_ref().is_some_and(Found::is_ignored)
        {
            return Ok(Affair::FirstWord(token));
        }
        let seen = seen(message, written, now);
        let news = writer.and_then(|writer| Some((writer.after(seen, now)?, writer)));
        Ok(news.map_or(Affair::Nothing, |(kept, writer)| {
            Affair::Unknown(Box::new((writer, kept)))
        }))
    }
}

fn free(written: Option<Written>) -> Option<InvitationToken> {
    let free = written.filter(|written| written.used == Use::Free);
    free.map(|written| written.token)
}

fn seen(message: &ObservedMessage, written: Option<Written>, now: Timestamp) -> Seen<'_> {
    Seen {
        at: message.at.min(now),
        push_name: message.push_name.as_deref(),
        suggestion: written.map(|written| Suggestion {
            household: written.household,
            recalls: written.used != Use::Expired,
        }),
    }
}

/// What has neither text nor a picture or the like is a note of WhatsApp's own, or cannot be decrypted yet.
fn is_readable(message: &ObservedMessage) -> bool {
    message.kind != MessageKind::Other || message.body.is_some()
}
