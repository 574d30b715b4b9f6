//! Own messages that were seen while an attempt to their contact was open: they wait here until it shows who wrote them.

use std::pin::Pin;

use domain::{Timestamp, ids::ContactId};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    session_number::SessionNumber,
};

use super::{
    claimants::{Explanation, explanation},
    presence::Candidate,
    sent::Proof,
};

// A plain `at` would make SQLite read the whole conversation in its order, for the few that are parked.
const PARKED: Sql = Sql::both(
    "SELECT raw_id, body, at FROM conversation_message
     WHERE session = $1 AND contact_id = $2 AND origin = 'parked' AND (own_number = $3 OR $3 = '')
     ORDER BY +at, raw_id",
);

const OURS: Sql = Sql::both(
    "UPDATE conversation_message SET origin = 'queue'
     WHERE session = $1 AND direction = 'outbound' AND raw_id = $2",
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
async fn parked(
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
async fn may_be_ours(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
) -> Result<bool, Error> {
    let args = args![of.session, contact, of.number];
    let found = tx.first(&MAY_BE_OURS, args).await?;
    Ok(found.is_some())
}

/// When nothing of the queue's can explain them any more, the parked messages were typed by hand.
async fn release_parked(
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

/// The first of them that something explains.
async fn explained(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
) -> Result<Option<(Candidate, Explanation)>, Error> {
    let all = parked(tx, of, contact).await?;
    for seen in &all {
        if let Some(found) = explanation(tx, of, contact, seen, &all).await? {
            return Ok(Some((seen.clone(), found)));
        }
    }
    Ok(None)
}

impl Store {
    /// Looks at the contact's parked messages again: what they prove is settled, and what can be nothing of the queue's was typed by
    /// hand. `told_by`: for the timeline. Not an `async fn`, because what is settled makes others looked at again.
    pub(crate) fn explain_parked<'a>(
        &'a self,
        tx: &'a mut Tx,
        of: SessionNumber<'a>,
        contact: ContactId,
        told_by: &'a str,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>> {
        Box::pin(async move {
            while let Some((seen, found)) = explained(tx, of, contact).await? {
                tx.execute(&OURS, args![of.session, &seen.raw_id]).await?;
                match found {
                    Explanation::WithoutId(row) => {
                        self.learn_raw_id(tx, &row, &seen.raw_id, now).await?;
                    }
                    Explanation::Uncertain(row) => {
                        self.mark_sent(tx, &row, Proof::seen(&seen, told_by), now)
                            .await?;
                    }
                    Explanation::SentAgain(send) => {
                        let first = send.known_as(seen.raw_id);
                        self.earlier_arrived(tx, first, told_by, seen.at, now)
                            .await?;
                    }
                }
            }
            release_parked(tx, of, contact).await
        })
    }
}
