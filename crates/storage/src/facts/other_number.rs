//! Another number was linked to a session: what waits, waits for it, or for its guests to write to it.
//!
//! The rule that must hold: nothing sleeps with a reason that the new number has made untrue. Nothing is deleted: when the old number
//! is linked again, its evidence serves again. That is no first contact: all that waits is due, also broadcasts that were queued in between.

use domain::{session::SessionName, wait::WaitReason};

use crate::{
    Error,
    db::{Sql, Tx, args},
    locks,
};

/// Messages that wait for no person but because of the number of before (its lock, its refusals), of contacts who wrote to the number
/// $2, or who did not.
macro_rules! waiting {
    ($set:literal, $wrote:literal) => {
        Sql::both(concat!(
            "UPDATE whatsapp_message_queue SET eligible_at = NULL, ",
            $set,
            " WHERE session = $1 AND status = 'pending' AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%' OR wait_ends = 'person:unlock' OR wait_reason = 'contact_refused') AND ",
            $wrote,
            " (SELECT 1 FROM contact_session s
               WHERE s.contact_id = whatsapp_message_queue.contact_id AND s.session = $1 AND s.own_number = $2
                 AND s.evidence_id IS NOT NULL)"
        ))
    };
}

const FOR_THEIR_WORD: Sql = waiting!(
    "due = 0, wait_reason = $3, wait_ends = 'event:contact_writes'",
    "NOT EXISTS"
);

const DUE: Sql = waiting!("due = 1, wait_reason = NULL, wait_ends = NULL", "EXISTS");

/// Looks again at all that waits on the session, for the number that is linked to it from now on. The caller holds the session's lock.
pub(super) async fn wait_anew(
    tx: &mut Tx,
    session: &SessionName,
    number: &str,
) -> Result<(), Error> {
    // Enqueueing reads the number under a weaker lock: no row is left that was queued for the number before.
    locks::lock_session_alone(tx, session).await?;
    let reason = WaitReason::GuestHasNotWritten;
    tx.execute(&FOR_THEIR_WORD, args![session, number, reason])
        .await?;
    tx.execute(&DUE, args![session, number]).await?;
    Ok(())
}
