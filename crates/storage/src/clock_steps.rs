//! The wall clock of the machine was set: what is counted in rolling windows moves along with it.
//!
//! Times are stored as the wall clock told them. When it jumps by an hour, an hour seems to have passed since the last
//! message, and every limit would have been waited for. The rule that must hold: the distance from a past send, or a
//! guest's last word, to the present is the time that really passed.
//! Not moved: what people see (when a message was sent, its timeline) and what is a date (not-before, not-after).

use std::time::Duration;

use chrono::TimeDelta;
use domain::{Timestamp, ids::WorkerId, session::SessionName};

use crate::{
    Error, Store,
    db::{Sql, args},
    leases,
};

/// No window is longer, and none that ended is counted again.
const COUNTED: Duration = Duration::from_hours(48);

const SENDS: Sql = Sql::both(
    "UPDATE send_reservation SET committed_at = committed_at + $2, ended_at = ended_at + $2
     WHERE session = $1 AND state = 'committed' AND committed_at > $3",
);

const CONTACTS: Sql = Sql::both(
    "UPDATE contact_session
     SET last_out_at = last_out_at + $2, last_in_at = last_in_at + $2, hand_typed_at = hand_typed_at + $2
     WHERE session = $1 AND (last_out_at > $3 OR last_in_at > $3 OR hand_typed_at > $3)",
);

// What waits for a moment that was counted from those. Otherwise a later message would be due before an older one.
const WAITING: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET eligible_at = eligible_at + $2
     WHERE session = $1 AND status = 'pending' AND due = 0 AND eligible_at IS NOT NULL
       AND wait_reason NOT IN ('not_before', 'quiet_hours', 'earlier_uncertain')",
);

const GAPS: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET automatic_gap_until = automatic_gap_until + $2, reply_gap_until = reply_gap_until + $2
     WHERE name = $1",
);

impl Store {
    /// Moves what the session's limits count by as much as the wall clock was set; `now` is what it tells since.
    /// `false`: the session is not this owner's any more, and nothing was moved.
    pub async fn clock_was_set(
        &self,
        session: &SessionName,
        owner: WorkerId,
        epoch: i64,
        by: TimeDelta,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        if leases::lock_as_holder(&mut tx, session, owner, epoch)
            .await?
            .is_none()
        {
            return Ok(false);
        }
        let (by, since) = (by.num_milliseconds(), now - by - COUNTED);
        tx.execute(&SENDS, args![session, by, since]).await?;
        tx.execute(&CONTACTS, args![session, by, since]).await?;
        tx.execute(&WAITING, args![session, by]).await?;
        tx.execute(&GAPS, args![session, by]).await?;
        tx.commit().await?;
        Ok(true)
    }
}
