//! A composition that ended before its commit: back to the queue. Nothing left, so its slot is given back.

use domain::{
    Timestamp,
    ids::AttemptId,
    message_status::{MessageStatus, Verb},
    release::{ReleaseRules, SendFailure},
    wait::Wait,
    wire::CompositionEnd,
};

use crate::{
    Claimer, Error, ReleaseOutcome, ReleaseReason, Store,
    db::{Sql, Tx, args},
    locks, send_outage, settling,
    wait_columns::eligible_at,
};

use super::{
    abandonment,
    pending_again::Again,
    queue_row::{self, QueueRow},
    reservations, session_away,
};

const PREEMPTED: Sql =
    Sql::both("UPDATE whatsapp_message_queue SET preemptions = preemptions + 1 WHERE id = $1");

impl Store {
    /// Gives a composition back to the queue; its slot is given back too.
    pub async fn release(
        &self,
        claimer: Claimer<'_>,
        attempt: AttemptId,
        why: ReleaseReason,
        now: Timestamp,
    ) -> Result<ReleaseOutcome, Error> {
        let mut tx = self.db.write().await?;
        if claimer.lock(&mut tx).await?.is_none() {
            return Ok(ReleaseOutcome::StaleEpoch);
        }
        let row = queue_row::of_attempt(&mut tx, attempt).await?;
        let Some(row) = row.filter(|row| row.status == MessageStatus::Composing) else {
            return Ok(ReleaseOutcome::Gone);
        };
        if why == ReleaseReason::CompositionEnded(CompositionEnd::HandTyped) {
            // The event that says so may be stored later; the next claim must know it.
            locks::take_turn(&mut tx, row.contact).await?;
            settling::hand_typed(&mut tx, row.session_number(), row.contact, now).await?;
        }
        let wait = count(&mut tx, &row, why, claimer.rules, now).await?;
        let again = Again {
            verb: Verb::Release,
            wait,
            why: word(why),
            uncounted: !broke_off(why),
            keeps_slot: false,
        };
        self.to_pending(&mut tx, &row, again, now).await?;
        if let ReleaseReason::Away(reason) = why {
            session_away::note(&mut tx, claimer.session, reason, now).await?;
        }
        tx.commit().await?;
        Ok(ReleaseOutcome::Pending {
            eligible_at: wait.map_or(Some(now), |wait| eligible_at(wait.ends)),
        })
    }
}

/// Whether the composition ended by itself, in the guest's sight, and may do so again.
const fn broke_off(why: ReleaseReason) -> bool {
    match why {
        ReleaseReason::CompositionEnded(end) => match end {
            CompositionEnd::Fenced | CompositionEnd::Deadline | CompositionEnd::ReadyExpired => {
                true
            }
            // Asked for by us or by whoever stops the service, or not begun: nothing says that it will happen again.
            CompositionEnd::Cancelled
            | CompositionEnd::Stopping
            | CompositionEnd::HandTyped
            | CompositionEnd::OtherNumber
            | CompositionEnd::NumberUnread => false,
        },
        ReleaseReason::Lost => true,
        ReleaseReason::Preempted
        | ReleaseReason::Away(_)
        | ReleaseReason::Refused(_)
        | ReleaseReason::Stopping => false,
    }
}

const fn word(why: ReleaseReason) -> &'static str {
    match why {
        ReleaseReason::Preempted => "preempted",
        ReleaseReason::CompositionEnded(end) => end.as_str(),
        ReleaseReason::Lost => "lost",
        ReleaseReason::Away(reason) => reason.as_str(),
        ReleaseReason::Refused(refusal) => refusal.as_str(),
        ReleaseReason::Stopping => "stopping",
    }
}

/// Counts what has to be counted; what the message waits for because of it.
async fn count(
    tx: &mut Tx,
    row: &QueueRow,
    why: ReleaseReason,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Result<Option<Wait>, Error> {
    if why == ReleaseReason::Preempted {
        tx.execute_one(&PREEMPTED, args![row.message]).await?;
    }
    if let ReleaseReason::Refused(refusal) = why {
        let failure = SendFailure {
            refusal,
            contact: row.contact,
            committed_at: now,
            at: now,
        };
        send_outage::failed(tx, row.session_number(), &failure, rules).await?;
        let pause = abandonment::refused(tx, row, rules, now).await?;
        if let Some(attempt) = row.attempt {
            reservations::unsent(tx, attempt, now).await?;
        }
        return Ok(Some(pause));
    }
    if !broke_off(why) {
        return Ok(None);
    }
    if let Some(attempt) = row.attempt {
        reservations::unsent_if_shown(tx, attempt, now).await?;
    }
    abandonment::broke_off(tx, row, rules, now).await.map(Some)
}
