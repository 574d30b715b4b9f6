//! What waits past its last moment is cancelled, whatever it waits for: an event, a person, a guest who has never written.
//!
//! The rule that must hold: nobody is left to look at what can never go any more. Rows that the claim looks at anyway are refused
//! there, by the rules.

use domain::{Timestamp, release::RefuseReason, session::SessionName};

use super::queue_row::{self, queue_rows};
use crate::{
    CancelReason, Error, Store,
    db::{Sql, Tx, args},
};

/// A claim cancels at most so many: its cost must not depend on how many expired at once. The next one goes on.
const AT_ONCE: usize = 100;

// The first conditions are the index's own. A locked row is just being woken or changed: the next claim finds it.
const EXPIRED: Sql = queue_rows!(
    "WHERE q.session = $1 AND q.status = 'pending' AND q.due = 0 AND q.not_after IS NOT NULL AND q.not_after < $2
     ORDER BY q.not_after LIMIT 100",
    postgres "FOR NO KEY UPDATE OF q SKIP LOCKED"
);

impl Store {
    /// Cancels waiting rows of the session whose last moment is before `passed`, the oldest first; whether there may be more. The
    /// caller holds the session's lock.
    pub(super) async fn cancel_expired(
        &self,
        tx: &mut Tx,
        session: &SessionName,
        passed: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let rows = queue_row::all(tx, &EXPIRED, args![session, passed]).await?;
        for row in &rows {
            let reason = CancelReason::Rule(RefuseReason::Expired);
            self.cancel_by_rule(tx, row, reason, now).await?;
        }
        Ok(rows.len() == AT_ONCE)
    }
}
