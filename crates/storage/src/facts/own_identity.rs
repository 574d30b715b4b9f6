//! The account's own number and hidden id. On its session they are never another person's.
//!
//! WAHA 2026.8.1 to 2026.9 answers the own number for the hidden ids of others, and files under it what is typed on the phone (#2241, #2299).

use std::borrow::Cow;

use domain::{
    chat_id::ChatId, phone_number::PhoneNumber, session::SessionName, wire::ObservedMessage,
};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
};

const OWN: Sql = Sql::both(
    "SELECT n.number, n.lid FROM session_number n JOIN whatsapp_session_status s ON s.name = n.session
     WHERE n.session = $1 AND n.number = COALESCE(CAST($2 AS TEXT), s.own_number)",
);

const EVERY: Sql = Sql::both("SELECT number, lid FROM session_number WHERE session = $1");

// The chat that the queue wrote to. The first conditions on the status are the indexes' own.
const SENT_TO: Sql = Sql::both(
    "SELECT e.chat_id FROM conversation_message e
     JOIN (SELECT evidence_id FROM whatsapp_message_queue WHERE session = $1 AND raw_id = $2
           UNION ALL
           SELECT evidence_id FROM whatsapp_message_queue
           WHERE status IN ('composing', 'sending') AND session = $1 AND client_raw_id = $2
           UNION ALL
           SELECT evidence_id FROM whatsapp_message_queue
           WHERE status = 'uncertain' AND session = $1 AND client_raw_id = $2) q ON q.evidence_id = e.id",
);

/// Identities of the account that is linked to a session.
pub(crate) struct OwnIdentities(Vec<ChatId>);

impl OwnIdentities {
    /// Those of the number that had a message, or else of the number that is linked now.
    pub(crate) async fn read(
        tx: &mut Tx,
        session: &SessionName,
        told: Option<&PhoneNumber>,
    ) -> Result<Self, Error> {
        let number = told.map(|number| number.digits().to_owned());
        Self::of(&tx.all(&OWN, args![session, number]).await?)
    }

    /// Those of every number that was ever linked to the session.
    pub(crate) async fn read_every(tx: &mut Tx, session: &SessionName) -> Result<Self, Error> {
        Self::of(&tx.all(&EVERY, args![session]).await?)
    }

    fn of(rows: &[Row]) -> Result<Self, Error> {
        let mut own = Vec::new();
        for row in rows {
            own.push(ChatId::Phone(row.text("number")?));
            own.extend(row.opt_text("lid")?.map(ChatId::Lid));
        }
        Ok(Self(own))
    }

    /// A chat's identities without the account's own; `None`: there is no other.
    pub(crate) fn without<'c>(
        &self,
        chat: &'c ChatId,
        alt: Option<&'c ChatId>,
    ) -> Option<(&'c ChatId, Option<&'c ChatId>)> {
        let mut others = [Some(chat), alt]
            .into_iter()
            .flatten()
            .filter(|chat| !self.0.contains(chat));
        others.next().map(|chat| (chat, others.next()))
    }

    /// The message in the chat of another person. An own one without any is in the chat that its id belongs to. `None`: a chat of the
    /// account with itself, or one that nothing tells.
    pub(super) async fn without_own<'m>(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        message: &'m ObservedMessage,
    ) -> Result<Option<Cow<'m, ObservedMessage>>, Error> {
        let (chat, alt) = match self.without(&message.chat, message.alt.as_ref()) {
            Some((chat, alt)) if *chat == message.chat && alt == message.alt.as_ref() => {
                return Ok(Some(Cow::Borrowed(message)));
            }
            Some((chat, alt)) => (chat.clone(), alt.cloned()),
            None if message.from_me => {
                let sent_to = tx.first(&SENT_TO, args![session, &message.raw_id]).await?;
                let Some(row) = sent_to else { return Ok(None) };
                (row.made("chat_id")?, None)
            }
            None => return Ok(None),
        };
        Ok(Some(Cow::Owned(ObservedMessage {
            chat,
            alt,
            ..message.clone()
        })))
    }
}

/// The message as [`OwnIdentities::without_own`] gives it.
pub(crate) async fn without_own<'m>(
    tx: &mut Tx,
    session: &SessionName,
    message: &'m ObservedMessage,
) -> Result<Option<Cow<'m, ObservedMessage>>, Error> {
    let own = OwnIdentities::read(tx, session, message.own_number.as_ref()).await?;
    own.without_own(tx, session, message).await
}
