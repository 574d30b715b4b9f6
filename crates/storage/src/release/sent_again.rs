//! Recognises the first copy of a message that a person had sent again out of a doubt, when it appears in the chat.
//!
//! The rules that must hold: only sends that were in doubt are looked for, because a refused message is in the chat as well; while
//! the second send is out, nobody can say which of the two is seen.

use std::time::Duration;

use chrono::SubsecRound;
use domain::{Timestamp, ids::ContactId, wire::ObservedMessage};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    session_number::SessionNumber,
};

use super::earlier_sends::{self, EarlierSend};

const SENT_AGAIN: Sql = Sql::both(
    "SELECT r.message_id, r.attempt_id, r.own_number, r.raw_id, r.committed_at, r.ended_at, r.snapshot, q.body
     FROM send_reservation r JOIN whatsapp_message_queue q ON q.id = r.message_id
     WHERE r.contact_id = $1 AND r.session = $2 AND r.snapshot IS NOT NULL AND r.state = 'committed' AND r.committed_at > $3
       AND r.own_number IN ($4, '')
       AND (q.status IN ('pending', 'composing', 'failed', 'cancelled') OR q.status = 'sent' AND q.raw_id IS NOT NULL)
     ORDER BY r.committed_at",
);

/// The uncertain send that the own message `seen` shows, of a message that a person has had sent again since; the oldest of them.
/// Sends that are older than `within` are not looked at.
pub(crate) async fn sent_again(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
    seen: &ObservedMessage,
    within: Duration,
) -> Result<Option<EarlierSend>, Error> {
    let args = args![contact, of.session, seen.at - within, of.number];
    for row in tx.all(&SENT_AGAIN, args).await? {
        if shows(seen, &row)? {
            let raw_id = seen.raw_id.clone();
            let earlier = earlier_sends::read(tx, Some(row)).await?;
            return Ok(earlier.map(|earlier| earlier.known_as(raw_id)));
        }
    }
    Ok(None)
}

/// By the id that we chose; else by the same text, not before the commit's second, and not in the chat before.
fn shows(seen: &ObservedMessage, row: &Row) -> Result<bool, Error> {
    if row.opt_text("raw_id")?.as_ref() == Some(&seen.raw_id) {
        return Ok(true);
    }
    let committed: Timestamp = row.time("committed_at")?.trunc_subsecs(0);
    let before: Vec<String> = serde_json::from_str(&row.text("snapshot")?)?;
    let text = row.text("body")?;
    let same_text = seen.body.as_deref().map(str::trim) == Some(text.trim());
    Ok(same_text && seen.at >= committed && !before.contains(&seen.raw_id))
}
