//! Recognises the first copy of a message that a person had sent again out of a doubt, when it appears in the chat.
//!
//! The rules that must hold: only sends that were in doubt are looked for, because a refused message is in the chat as well; while
//! the second send is out, nobody can say which of the two is seen.

use chrono::SubsecRound;
use domain::{Timestamp, ids::ContactId};

use crate::{
    Error,
    db::{Row, Sql, Tx, args},
    session_number::SessionNumber,
    settling::Candidate,
};

use super::earlier_sends::{self, EarlierSend};

const SENT_AGAIN: Sql = Sql::both(
    "SELECT r.message_id, r.attempt_id, r.own_number, r.raw_id, r.committed_at, r.ended_at, r.snapshot, r.body, COALESCE(r.body, q.body) AS said
     FROM send_reservation r JOIN whatsapp_message_queue q ON q.id = r.message_id
     WHERE r.contact_id = $1 AND r.session = $2 AND r.snapshot IS NOT NULL AND r.state = 'committed' AND r.committed_at > $3
       AND r.own_number IN ($4, '')
       AND (q.status IN ('pending', 'composing', 'failed', 'cancelled') OR q.status = 'sent' AND q.raw_id IS NOT NULL)
     ORDER BY r.committed_at",
);

/// An uncertain send that an own message may be, of a message that a person has had sent again since.
pub(crate) struct SentAgain {
    pub(crate) send: EarlierSend,
    /// The own message has the id that we chose for it.
    pub(crate) by_id: bool,
    /// No other own message may be it.
    pub(crate) only: bool,
}

/// The sends that the own message `seen`, one of `all`, may be; the oldest first. Sends before `since` are not looked at.
pub(crate) async fn sent_again(
    tx: &mut Tx,
    of: SessionNumber<'_>,
    contact: ContactId,
    (seen, all): (&Candidate, &[Candidate]),
    since: Timestamp,
) -> Result<Vec<SentAgain>, Error> {
    let mut found = Vec::new();
    let args = args![contact, of.session, since, of.number];
    for row in tx.all(&SENT_AGAIN, args).await? {
        let by_id = row.opt_text("raw_id")?.as_ref() == Some(&seen.raw_id);
        let with_words = with_its_words(&row, all)?;
        if !by_id && !with_words.contains(&seen.raw_id.as_str()) {
            continue;
        }
        let only = with_words.len() == 1;
        let send = earlier_sends::read(tx, Some(row)).await?;
        found.extend(send.map(|send| SentAgain { send, by_id, only }));
    }
    Ok(found)
}

/// The raw ids of those with the same text, not before the commit's second, and not in the chat before.
fn with_its_words<'a>(row: &Row, all: &'a [Candidate]) -> Result<Vec<&'a str>, Error> {
    let committed: Timestamp = row.time("committed_at")?.trunc_subsecs(0);
    let before: Vec<String> = serde_json::from_str(&row.text("snapshot")?)?;
    let text = row.text("said")?;
    let may_be = |seen: &&Candidate| {
        let same_text = seen.body.as_deref().map(str::trim) == Some(text.trim());
        same_text && seen.at >= committed && !before.contains(&seen.raw_id)
    };
    let found = all.iter().filter(may_be);
    Ok(found.map(|seen| seen.raw_id.as_str()).collect())
}
