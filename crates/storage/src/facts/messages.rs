//! A direct message was seen, in an event or in a chat, either way.
//!
//! The rule that must hold: what the couple's other contacts write stays theirs; nothing of it is stored (design §1).

use domain::{
    Timestamp,
    ids::{ContactId, MessageId},
    invitation::InvitationToken,
    opt_out::Meaning,
    session::SessionName,
    wire::ObservedMessage,
};

use crate::{
    Error, Store, clock_steps,
    db::{Row, Tx},
    locks,
    session_number::SessionNumber,
};

use super::{
    affairs::Affair,
    identity,
    own_identity::without_own,
    own_messages,
    receiving_number::receiving_number,
    tying,
    wishes::{self, Wish},
};

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
    /// With somebody who is no guest: nothing of it was stored; of a direct inbound only that somebody unknown wrote.
    NotAGuest,
    /// From before the number was paired with this session: nothing was stored.
    BeforePairing,
    /// Ours, from the queue's past: its row has gone on to another attempt since.
    Known,
}

/// How often a message is looked at anew because somebody else changed what it is about.
const LOOKS: u32 = 5;

impl Store {
    /// Stores a message of a guest's conversation once, and what follows from it (design §4–§6).
    ///
    /// From a guest: evidence, when it is the newest; waiting messages to them become due, and those that an answer makes
    /// pointless are cancelled. From us: explained by the queue, parked, or typed by hand. From somebody on no list: with an
    /// invitation's token they become a guest, without one only that they wrote is kept.
    /// The session must exist: [`Error::UnexpectedRows`].
    pub async fn record_message(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let told = message;
        let mut tx = self.db.read().await?;
        let Some(message) = without_own(&mut tx, session, told).await? else {
            return Ok(Recorded::NotAGuest);
        };
        drop(tx);
        let message = &*message;
        let mut lost_race = None;
        for _ in 0..LOOKS {
            let token = match self.look_at(session, message, now).await? {
                Affair::Conversation => None,
                Affair::FirstWord(token) => Some(token),
                Affair::Unknown(_) => {
                    if self.keep_unknown_writer(session, message, now).await? {
                        return Ok(Recorded::NotAGuest);
                    }
                    continue;
                }
                // Most of what a private number sees is with strangers: they must not keep anybody waiting for a lock.
                Affair::Nothing => return Ok(Recorded::NotAGuest),
            };
            match self.record(session, message, token, now).await {
                Err(error) if error.is_taken_number() => lost_race = Some(error),
                recorded => {
                    if let Some(recorded) = recorded? {
                        return Ok(recorded);
                    }
                }
            }
        }
        lost_race.map_or(Ok(Recorded::NotAGuest), Err)
    }

    pub(super) async fn look_at(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<Affair, Error> {
        let mut tx = self.db.read().await?;
        self.affair(&mut tx, session, message, now, false).await
    }

    /// `false`: they became known in this moment, or there is nothing new to keep; nothing was written.
    pub(super) async fn keep_unknown_writer(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_keeping_unknown(&mut tx).await?;
        let affair = self.affair(&mut tx, session, message, now, true).await?;
        let Affair::Unknown(news) = affair else {
            return Ok(false);
        };
        let (writer, kept) = *news;
        self.write_unknown_writer(&mut tx, session, writer, kept, now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Records a message of a conversation, or the one that begins it with an invitation's token. `None`: the token was
    /// taken by somebody else in this moment; nothing was written.
    async fn record(
        &self,
        session: &SessionName,
        message: &ObservedMessage,
        token: Option<InvitationToken>,
        now: Timestamp,
    ) -> Result<Option<Recorded>, Error> {
        let mut tx = self.db.write().await?;
        let meaning = wishes::of(message);
        let begins = token.is_some();
        let Locked { row, merges } = lock(&mut tx, session, message, meaning, begins).await?;
        let Some(number) = receiving_number(&mut tx, session, &row, message).await? else {
            return Ok(Some(Recorded::BeforePairing));
        };
        let of = SessionNumber::new(session, &number);
        let told = message.at;
        let at = clock_steps::date(&mut tx, session, &row, told, now).await?;
        let wish = Wish { meaning, told, at };
        let message = &ObservedMessage {
            at,
            ..message.clone()
        };
        let contact = if let Some(token) = token {
            let tied = self.tie_by_token(&mut tx, session, message, token, now);
            let Some(contact) = tied.await? else {
                return Ok(None);
            };
            contact
        } else {
            let folded = self.fold_identities(&mut tx, session, message, now);
            let Some(contact) = folded.await? else {
                // two contacts may have become one
                tx.commit().await?;
                return Ok(Some(Recorded::NotAGuest));
            };
            contact
        };
        let recorded = if message.from_me {
            let recorded = self.record_own(&mut tx, of, contact, message, now);
            let recorded = recorded.await?;
            self.writer_is_known(&mut tx, message, now).await?;
            recorded
        } else {
            self.record_theirs(&mut tx, of, contact, message, wish, now)
                .await?
        };
        if merges {
            // Either may have opted out. After the message itself, which may opt them in.
            self.cancel_refused(&mut tx, contact, now).await?;
        }
        tx.commit().await?;
        Ok(Some(recorded))
    }

    async fn record_theirs(
        &self,
        tx: &mut Tx,
        to: SessionNumber<'_>,
        contact: ContactId,
        message: &ObservedMessage,
        wish: Wish,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let recorded = self.record_inbound(tx, to, contact, message, now).await?;
        self.writer_is_known(tx, message, now).await?;
        if matches!(recorded, Recorded::Inbound { new: true, .. }) {
            self.heed(tx, contact, wish, now).await?;
            tying::household_wrote(tx, contact, message.at.min(now)).await?;
        }
        Ok(recorded)
    }

    /// Forgets whoever wrote under the message's identities before they were known. After the contact, before any invitation.
    async fn writer_is_known(
        &self,
        tx: &mut Tx,
        message: &ObservedMessage,
        now: Timestamp,
    ) -> Result<(), Error> {
        let both: Vec<_> = std::iter::once(&message.chat).chain(&message.alt).collect();
        self.no_longer_unknown(tx, &both, now).await
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

/// What a message may change, locked.
struct Locked {
    /// The session's.
    row: Row,
    /// Whether two contacts turn out to be one.
    merges: bool,
}

/// Locks what the message may change.
/// Two contacts that turn out to be one, and one that wants no more messages, have messages on every session: then all
/// sessions are locked, in one order. Two contacts may be guests of two households, and a token ties to one.
async fn lock(
    tx: &mut Tx,
    session: &SessionName,
    message: &ObservedMessage,
    wish: Meaning,
    ties: bool,
) -> Result<Locked, Error> {
    let merges = contacts_of(tx, session, message).await?.len() > 1;
    if merges || wish == Meaning::OptOut {
        locks::lock_all_sessions(tx).await?;
    }
    let row = locks::lock_session(tx, session)
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })?;
    if merges || ties {
        locks::lock_guest_list(tx).await?;
    }
    Ok(Locked { row, merges })
}
