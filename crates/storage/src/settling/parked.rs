//! Own messages that were seen while an attempt to their contact was open: they wait here until it shows who wrote them.

use domain::{Timestamp, ids::ContactId, session::SessionName};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    release::QueueRow,
};

use super::{
    presence::{self, Candidate},
    sent::Proof,
};

const PARKED: Sql = Sql::both(
    "SELECT raw_id, body, at FROM conversation_message
     WHERE session = $1 AND contact_id = $2 AND origin = 'parked'",
);

// The first condition of each part is its index's own.
const MAY_BE_OURS: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE status IN ('composing', 'sending') AND session = $1 AND contact_id = $2 AND status = 'sending'
     UNION ALL
     SELECT id FROM whatsapp_message_queue
     WHERE status = 'uncertain' AND session = $1 AND contact_id = $2",
);

const RELEASE: Sql = Sql::both(
    "UPDATE conversation_message SET origin = 'phone'
     WHERE session = $1 AND contact_id = $2 AND origin = 'parked'",
);

const HAND_TYPED: Sql = Sql::both(
    "INSERT INTO contact_session (contact_id, session, hand_typed_at) VALUES ($1, $2, $3)
     ON CONFLICT (contact_id, session) DO UPDATE SET hand_typed_at = excluded.hand_typed_at
     WHERE contact_session.hand_typed_at IS NULL OR contact_session.hand_typed_at < excluded.hand_typed_at",
);

/// The contact's own messages whose writer is not known yet.
pub(super) async fn parked(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
) -> Result<Vec<Candidate>, Error> {
    let rows = tx.all(&PARKED, args![session, contact]).await?;
    rows.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<Candidate, Error> {
    Ok(Candidate {
        raw_id: row.text("raw_id")?,
        body: row.opt_text("body")?,
        at: row.time("at")?,
    })
}

/// Whether an own message to the contact that nobody explains can be the queue's: one was committed and has no end yet.
/// A composition has sent nothing: what is seen then was typed by hand.
pub(crate) async fn may_be_ours(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
) -> Result<bool, Error> {
    let found = tx.first(&MAY_BE_OURS, args![session, contact]).await?;
    Ok(found.is_some())
}

/// When nothing of the queue's can explain them any more, the parked messages were typed by hand.
pub(crate) async fn release_parked(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
) -> Result<(), Error> {
    let left = parked(tx, session, contact).await?;
    let Some(newest) = left.iter().map(|message| message.at).max() else {
        return Ok(());
    };
    if may_be_ours(tx, session, contact).await? {
        return Ok(());
    }
    tx.execute(&RELEASE, args![session, contact]).await?;
    hand_typed(tx, session, contact, newest).await
}

/// A spouse typed to the contact by hand at that time.
pub(crate) async fn hand_typed(
    tx: &mut Tx,
    session: &SessionName,
    contact: ContactId,
    at: Timestamp,
) -> Result<(), Error> {
    tx.execute(&HAND_TYPED, args![contact, session, at]).await?;
    Ok(())
}

impl Store {
    /// Ends the doubt about a row when exactly one parked message proves it. Whether it did.
    pub(crate) async fn settle_from_parked(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let parked = parked(tx, &row.session, row.contact).await?;
        let Some(found) = presence::find(tx, row, &parked).await? else {
            return Ok(false);
        };
        let proof = Proof::seen(found, "event");
        self.mark_sent(tx, row, proof, now).await?;
        Ok(true)
    }
}
