//! Whether an own message in a chat is the one in doubt (design §5, presence).
//!
//! The id that we chose proves it. Otherwise it must be the only own message with the same text, not before the commit's
//! second, whose raw id the chat did not hold before and nothing else explains. Two candidates or none prove nothing.

use domain::Timestamp;

use crate::{
    Error,
    db::{Sql, Tx, args},
    release::QueueRow,
};

/// An own message that was seen.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) raw_id: String,
    pub(crate) body: Option<String>,
    pub(crate) at: Timestamp,
}

// Owned by another message of the queue or by an earlier send of one, or seen before the commit.
const EXPLAINED: Sql = Sql::both(
    "SELECT id FROM whatsapp_message_queue WHERE session = $1 AND raw_id = $2 AND id <> $3
     UNION ALL
     SELECT id FROM send_reservation WHERE session = $1 AND raw_id = $2 AND message_id <> $3
     UNION ALL
     SELECT id FROM conversation_message
     WHERE session = $1 AND direction = 'outbound' AND raw_id = $2 AND recorded_at < $4",
);

/// The candidate that proves that the row's message is there: the only one.
pub(super) async fn find<'a>(
    tx: &mut Tx,
    row: &QueueRow,
    candidates: &'a [Candidate],
) -> Result<Option<&'a Candidate>, Error> {
    match find_all(tx, row, candidates).await?.as_slice() {
        [one] => Ok(Some(one)),
        _ => Ok(None),
    }
}

/// All that could be the row's message and that nothing else explains.
pub(super) async fn find_all<'a>(
    tx: &mut Tx,
    row: &QueueRow,
    candidates: &'a [Candidate],
) -> Result<Vec<&'a Candidate>, Error> {
    let mut found = Vec::new();
    let Some(committed_at) = row.committed_at else {
        return Ok(found);
    };
    for candidate in plausible(row, candidates) {
        let args = args![&row.session, &candidate.raw_id, row.message, committed_at];
        if tx.first(&EXPLAINED, args).await?.is_none() {
            found.push(candidate);
        }
    }
    Ok(found)
}

/// The one with the chosen id alone, or else all that could be it; each raw id once: a chat can have a twin by LID.
fn plausible<'a>(row: &QueueRow, candidates: &'a [Candidate]) -> Vec<&'a Candidate> {
    let chosen = candidates
        .iter()
        .find(|seen| row.client_raw_id.as_ref() == Some(&seen.raw_id));
    if let Some(chosen) = chosen {
        return vec![chosen];
    }
    let text = row.text.as_str().trim();
    let not_before = row.commit_second();
    let mut left: Vec<&Candidate> = candidates
        .iter()
        .filter(|seen| seen.body.as_deref().is_some_and(|body| body.trim() == text))
        .filter(|seen| Some(seen.at) >= not_before && !row.snapshot.contains(&seen.raw_id))
        .collect();
    left.sort_unstable_by(|a, b| a.raw_id.cmp(&b.raw_id));
    left.dedup_by(|a, b| a.raw_id == b.raw_id);
    left
}
