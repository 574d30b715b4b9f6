//! Whether a person's message should go before the automatic composition that is under way.

use domain::{Timestamp, lane::ReleaseLane, release::Facts};

use crate::{
    Claimer, Error, Store,
    db::{Sql, Tx, args},
    facts_of_release::{contact_facts, session_facts},
};

use super::{
    asking::{Asked, ask},
    claim::{CANDIDATES, REPLY, SEND_NOW},
    queue_row::{self, QueueRow, queue_rows},
    reservations,
};

/// A composition that was cancelled so often for replies is left alone: neither lane starves the other (design §6).
const ENOUGH_PREEMPTIONS: i64 = 2;

// The first condition on the status is the index's own.
const COMPOSING: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.status IN ('composing', 'sending') AND q.status = 'composing' LIMIT 1"
);

impl Store {
    /// Whether a person's message (send now, or a reply) could be committed now, while an automatic composition is under way
    /// that may still be cancelled for it. One that was cancelled so twice is left alone.
    pub async fn reply_waiting(&self, claimer: Claimer<'_>, now: Timestamp) -> Result<bool, Error> {
        let mut tx = self.db.read().await?;
        let composing = queue_row::first(&mut tx, &COMPOSING, args![claimer.session]).await?;
        let Some(composing) = composing else {
            return Ok(false);
        };
        if !may_be_preempted(&mut tx, &composing).await? {
            return Ok(false);
        }
        for rank in [SEND_NOW, REPLY] {
            let args = args![claimer.session, rank];
            for row in queue_row::all(&mut tx, &CANDIDATES, args).await? {
                if could_go(&mut tx, &claimer, &row, &composing, now).await? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

async fn may_be_preempted(tx: &mut Tx, composing: &QueueRow) -> Result<bool, Error> {
    let Some(attempt) = composing.attempt else {
        return Ok(false);
    };
    let automatic = reservations::lane(tx, attempt).await? == ReleaseLane::Automatic;
    Ok(automatic && composing.rank != SEND_NOW && composing.preemptions < ENOUGH_PREEMPTIONS)
}

/// The composition itself is looked past: it is what would be given up.
async fn could_go(
    tx: &mut Tx,
    claimer: &Claimer<'_>,
    row: &QueueRow,
    composing: &QueueRow,
    now: Timestamp,
) -> Result<bool, Error> {
    let session = session_facts(tx, claimer.session, now, claimer.rules.day)
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })?;
    let except = Some(composing.message);
    let contact = contact_facts(tx, claimer.session, row.contact, except, now).await?;
    let facts = Facts {
        session: &session,
        contact: &contact,
        message: &row.facts,
    };
    let counted_as_reply = row.rank == SEND_NOW || facts.lane(now) == ReleaseLane::Reply;
    Ok(counted_as_reply && matches!(ask(claimer, &facts, now), Asked::Send(_)))
}
