//! The messages of the queue that an own message may be by its words, where no id tells.
//!
//! The rule that must hold: one copy proves at most one message. A copy that two messages may be waits for an end, or for a person.

use std::time::Duration;

use domain::ids::ContactId;

use super::presence::{self, Candidate};
use crate::{
    Error,
    db::{Sql, Tx, Value, args},
    release::{self, EarlierSend, QueueRow, queue_rows},
    session_number::SessionNumber,
};

/// Chats are read a day back: an own message is not taken for one of the queue's that is older.
const WITHIN: Duration = Duration::from_hours(24);

// The first conditions of each are its index's own.
const RUNNING: Sql = queue_rows!(
    "WHERE q.status IN ('composing', 'sending') AND q.session = $1 AND q.contact_id = $2 AND q.status = 'sending'
       AND COALESCE(q.raw_id, '') = '' AND q.own_number IN ($3, '')"
);

const WITHOUT_ID: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.contact_id = $2 AND q.status = 'sent' AND COALESCE(q.raw_id, '') = ''
       AND q.own_number IN ($3, '') AND q.committed_at > $4
     ORDER BY q.committed_at, q.id"
);

const UNCERTAIN: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.contact_id = $2 AND q.status = 'uncertain' AND q.own_number IN ($3, '')"
);

/// What an own message is.
pub(super) enum Explanation {
    /// The copy of an accepted message whose answer told no id that we can read.
    WithoutId(QueueRow),
    /// The copy of a message in doubt.
    Uncertain(QueueRow),
    /// The first copy of a message that a person has had sent again out of a doubt.
    SentAgain(EarlierSend),
}

/// The message that `seen` is the copy of; `None`: none, or nobody can say which. `all`: the own messages that wait for an explanation.
pub(super) async fn explanation(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
    seen: &Candidate,
    all: &[Candidate],
) -> Result<Option<Explanation>, Error> {
    let since = seen.at - WITHIN;
    let of_contact = || args![of.session, contact, of.number];
    let mut again = release::sent_again(tx, of, contact, (seen, all), since).await?;
    if let Some(known) = again.iter().position(|send| send.by_id) {
        let known = again.swap_remove(known).send;
        return Ok(Some(Explanation::SentAgain(known)));
    }
    let mut uncertain = may_be(tx, &UNCERTAIN, of_contact(), seen).await?;
    let chosen = |row: &QueueRow| row.client_raw_id.as_ref() == Some(&seen.raw_id);
    if let Some(known) = uncertain.iter().position(chosen) {
        let known = uncertain.swap_remove(known);
        return Ok(Some(Explanation::Uncertain(known)));
    }
    if !may_be(tx, &RUNNING, of_contact(), seen).await?.is_empty() {
        return Ok(None);
    }
    let mut without_id = of_contact();
    without_id.extend(args![since]);
    let accepted = may_be(tx, &WITHOUT_ID, without_id, seen).await?;
    if let Some(row) = accepted.into_iter().next() {
        let only = is_only(tx, &row, seen, all).await?;
        return Ok(only.then_some(Explanation::WithoutId(row)));
    }
    match (uncertain.pop(), uncertain.is_empty() && again.is_empty()) {
        (Some(row), true) => {
            let only = is_only(tx, &row, seen, all).await?;
            Ok(only.then_some(Explanation::Uncertain(row)))
        }
        (Some(_), false) => Ok(None),
        // Whichever of them it is, one need not go.
        (None, _) => {
            let oldest = again.into_iter().next().filter(|oldest| oldest.only);
            Ok(oldest.map(|oldest| Explanation::SentAgain(oldest.send)))
        }
    }
}

async fn may_be(
    tx: &mut Tx,
    sql: &Sql,
    args: Vec<Value>,
    seen: &Candidate,
) -> Result<Vec<QueueRow>, Error> {
    let mut rows = Vec::new();
    for row in release::all(tx, sql, args).await? {
        if is_only(tx, &row, seen, std::slice::from_ref(seen)).await? {
            rows.push(row);
        }
    }
    Ok(rows)
}

async fn is_only(
    tx: &mut Tx,
    row: &QueueRow,
    seen: &Candidate,
    all: &[Candidate],
) -> Result<bool, Error> {
    let found = presence::find(tx, row, all).await?;
    Ok(found.is_some_and(|found| found.raw_id == seen.raw_id))
}
