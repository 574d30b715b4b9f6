//! A direct message was seen, in an event or in a chat, either way.
//!
//! The rule that must hold: what the couple's other contacts write stays theirs; nothing of it is stored (design §1).

use std::time::Duration;

use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    opt_out::Meaning,
    session::SessionName,
    wire::ObservedMessage,
};

use crate::{Error, Store, db::Tx, locks};

use super::{contact_merging, identity, own_messages, wishes};

/// What a message that was seen turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// From a guest.
    Inbound {
        /// Who.
        contact: ContactId,
        /// Not seen before.
        new: bool,
    },
    /// One of the queue's own.
    OwnFromQueue {
        /// Which.
        message: MessageId,
    },
    /// Ours, while a committed message to that contact has no end yet or is in doubt: who wrote it shows later.
    Parked,
    /// Typed by a spouse by hand.
    TypedByHand {
        /// To whom.
        contact: ContactId,
        /// Not seen before.
        new: bool,
    },
    /// With somebody who is no guest: nothing was stored.
    NotAGuest,
    /// From before the number was paired with this session: nothing was stored.
    BeforePairing,
    /// Ours, from the queue's past: its row has gone on to another attempt since.
    Known,
}

/// WAHA's times are whole seconds, and its clock is not ours: so much before the pairing still counts as after it.
const PAIRING_TOLERANCE: Duration = Duration::from_mins(1);

impl Store {
    /// Stores a message of a guest's conversation once, and what follows from it (design §4–§6).
    ///
    /// From a guest: evidence, when it is the newest; waiting messages to them become due, and those that an answer makes
    /// pointless are cancelled. From us: explained by the queue, parked, or typed by hand.
    /// The session must exist: [`Error::UnexpectedRows`].
    pub async fn record_message(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        // Most of what a private number sees is with strangers: they must not keep anybody waiting for a lock.
        if !self.is_with_a_guest(session, message).await? {
            return Ok(Recorded::NotAGuest);
        }
        let mut tx = self.db.write().await?;
        let wish = wishes::of(message);
        if !lock_and_look_back(&mut tx, session, message, wish).await? {
            return Ok(Recorded::BeforePairing);
        }
        let Some(contact) = self.fold_identities(&mut tx, session, message, now).await? else {
            return Ok(Recorded::NotAGuest);
        };
        let recorded = if message.from_me {
            self.record_own(&mut tx, session, contact, message, now)
                .await?
        } else {
            let recorded = self
                .record_inbound(&mut tx, session, contact, message, now)
                .await?;
            if matches!(recorded, Recorded::Inbound { new: true, .. }) {
                self.heed(&mut tx, contact, wish, message.at.min(now), now)
                    .await?;
            }
            recorded
        };
        tx.commit().await?;
        Ok(recorded)
    }

    async fn is_with_a_guest(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
    ) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        let found = contacts_of(&mut tx, session, message).await?;
        identity::any_known(&mut tx, &found).await
    }
}

/// The contacts that the message's identities, or the id of one of the queue's own, point at.
pub(super) async fn contacts_of(
    tx: &mut Tx,
    session: &SessionName,
    message: &ObservedMessage,
) -> Result<Vec<ContactId>, Error> {
    let mut found = identity::find(tx, &message.chat, message.alt.as_ref()).await?;
    if let Some(contact) = own_messages::contact_by_id(tx, session, message).await?
        && !found.contains(&contact)
    {
        found.push(contact);
    }
    Ok(found)
}

/// Locks what the message may change; whether it is from after the pairing of the number that is logged in.
/// Two contacts that turn out to be one, and one that wants no more messages, have messages on every session: then all
/// sessions are locked, in one order.
async fn lock_and_look_back(
    tx: &mut Tx,
    session: &SessionName,
    message: &ObservedMessage,
    wish: Meaning,
) -> Result<bool, Error> {
    let found = contacts_of(tx, session, message).await?;
    if found.len() > 1 || wish == Meaning::OptOut {
        contact_merging::lock_all_sessions(tx).await?;
    }
    let row = locks::lock_session(tx, session)
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })?;
    // A number whose pairing we never saw proves nothing: what it received is found again when the chats are read.
    let paired = row.opt_time("first_connected_at")?;
    Ok(paired.is_some_and(|paired| message.at + PAIRING_TOLERANCE >= paired))
}
