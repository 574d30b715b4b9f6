//! Own messages that were seen while an attempt to their contact was open: they wait here until it shows who wrote them.

use domain::{Timestamp, ids::ContactId};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    release::QueueRow,
    session_number::SessionNumber,
};

use super::{
    presence::{self, Candidate},
    sent::Proof,
};

const PARKED: Sql = Sql::both(
    "SELECT raw_id, body, at FROM conversation_message
     WHERE session = $1 AND contact_id = $2 AND origin = 'parked' AND (own_number = $3 OR $3 = '')",
);

// The first condition of each part is its index's own.
const MAY_BE_OURS: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue
     WHERE status IN ('composing', 'sending') AND session = $1 AND contact_id = $2 AND status = 'sending' AND own_number IN ($3, '')
     UNION ALL
     SELECT id FROM whatsapp_message_queue
     WHERE status = 'uncertain' AND session = $1 AND contact_id = $2 AND own_number IN ($3, '')",
);

const RELEASE: Sql = Sql::both(
    "UPDATE conversation_message SET origin = 'phone'
     WHERE session = $1 AND contact_id = $2 AND origin = 'parked' AND (own_number = $3 OR $3 = '')",
);

const HAND_TYPED: Sql = Sql::both(
    "INSERT INTO contact_session (contact_id, session, own_number, hand_typed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (contact_id, session, own_number) DO UPDATE SET hand_typed_at = excluded.hand_typed_at
     WHERE contact_session.hand_typed_at IS NULL OR contact_session.hand_typed_at < excluded.hand_typed_at",
);

/// The contact's own messages whose writer is not known yet.
pub(super) async fn parked(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
) -> Result<Vec<Candidate>, Error> {
    let rows = tx
        .all(&PARKED, args![of.session, contact, of.number])
        .await?;
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
    of: SessionNumber<'_>,
    contact: ContactId,
) -> Result<bool, Error> {
    let args = args![of.session, contact, of.number];
    let found = tx.first(&MAY_BE_OURS, args).await?;
    Ok(found.is_some())
}

/// When nothing of the queue's can explain them any more, the parked messages were typed by hand.
pub(crate) async fn release_parked(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
) -> Result<(), Error> {
    let left = parked(tx, of, contact).await?;
    let Some(newest) = left.iter().map(|message| message.at).max() else {
        return Ok(());
    };
    if may_be_ours(tx, of, contact).await? {
        return Ok(());
    }
    tx.execute(&RELEASE, args![of.session, contact, of.number])
        .await?;
    hand_typed(tx, of, contact, newest).await
}

/// A spouse typed to the contact by hand at that time.
pub(crate) async fn hand_typed(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
    at: Timestamp,
) -> Result<(), Error> {
    let args = args![contact, of.session, of.number, at];
    tx.execute(&HAND_TYPED, args).await?;
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
        let parked = parked(tx, row.session_number(), row.contact).await?;
        let Some(found) = presence::find(tx, row, &parked).await? else {
            return Ok(false);
        };
        let proof = Proof::seen(found, "event");
        self.mark_sent(tx, row, proof, now).await?;
        Ok(true)
    }
}
