//! The wall clock of the machine was set: what is counted in rolling windows moves along with it.
//!
//! Times are stored as the wall clock told them. When it jumps by an hour, an hour seems to have passed since the last
//! message, and every limit would have been waited for. The rule that must hold: the distance from a past send, or a
//! guest's last word, to the present is the time that really passed. The session's row holds the last reading of the clock that
//! was accounted for, so each step moves things once, whichever service sees it, also when no worker ran meanwhile.
//!
//! | time | when the clock is set |
//! | --- | --- |
//! | of slots, refusals, last words and sends, gaps, locks, outages and what was seen of a session | moves |
//! | of messages that are not over: queued, committed, uncertain, next look, the end of a wait | moves, where a rule still counts it |
//! | of own messages that nobody has explained, and of the commits that may explain them | moves |
//! | of a pairing | moves back only |
//! | of opt-outs, opt-ins and reading, which belong to no session | is not left in the future |
//! | of a guest's words, while our clock may be ahead | is WhatsApp's time plus the step, at most now: an old word may count as fresh |
//! | of an opt-out and an opt-in by a contact's own words | is compared as WhatsApp told it: the later one holds, whatever our clock was |
//! | not before, not after, quiet hours, ends that WhatsApp named | is a date: what it made wait is looked at again, and nothing expires while the clock may be wrong |
//! | in conversations, timelines, broadcasts and the log | is shown. Of these only the times of hand-typed messages count: they reduce the automatic limits |
//! | of receipts that came early, chats asked for, accounts and what is deleted one day | is compared with days, or is a hint |
//!
//! The order of messages is the order of their ids, which do not follow the clock back (`Store::message_ids`).

use std::time::Duration;

use chrono::TimeDelta;
use domain::{Timestamp, clock_reading::ClockReading, release::ClockDoubt, session::SessionName};

use crate::{
    Error, Store,
    db::{Row, Sql, Tx, args},
    locks,
};

/// No window is longer (`UNANSWERED_WITHIN` and a day), and none that ended is counted again.
const COUNTED: Duration = Duration::from_hours(15 * 24);

const SENDS: Sql = Sql::both(
    "UPDATE send_reservation SET committed_at = committed_at + $2, ended_at = ended_at + $2
     WHERE session = $1 AND state = 'committed' AND committed_at > $3",
);

const UNSENT: Sql = Sql::both(
    "UPDATE send_reservation SET unsent_at = unsent_at + $2 WHERE session = $1 AND unsent_at > $3",
);

const CONTACTS: Sql = Sql::both(
    "UPDATE contact_session
     SET last_out_at = last_out_at + $2, last_in_at = last_in_at + $2, hand_typed_at = hand_typed_at + $2,
         answered_at = answered_at + $2, refused_at = refused_at + $2
     WHERE session = $1 AND (last_out_at > $3 OR last_in_at > $3 OR hand_typed_at > $3 OR answered_at > $3 OR refused_at > $3)",
);

// What is not over, as far as a rule still compares it with the present or with a guest's word. A message that waits for a moment which
// was counted from those moves with them: otherwise a later message would be due before an older one.
const NOT_OVER: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET queued_at = queued_at + $2, abandoned_since = abandoned_since + $2, committed_at = committed_at + $2,
         uncertain_since = uncertain_since + $2, next_look_at = next_look_at + $2,
         eligible_at = CASE WHEN wait_reason = 'not_before' THEN eligible_at ELSE eligible_at + $2 END
     WHERE session = $1 AND status IN ('pending', 'composing', 'sending', 'uncertain', 'failed')
       AND (eligible_at IS NOT NULL OR next_look_at IS NOT NULL OR status IN ('composing', 'sending', 'uncertain')
            OR drop_if_answered = 1 OR abandoned_since > $3 OR COALESCE(committed_at, queued_at) > $3)",
);

// What the time of day or the date decided is looked at again.
const BY_DATE: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
     WHERE session = $1 AND status = 'pending' AND due = 0 AND wait_reason IN ('clock_uncertain', 'quiet_hours')",
);

// Sent, and the message itself is still looked for. The first conditions are the index's own.
const UNNAMED: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET committed_at = committed_at + $2
     WHERE session = $1 AND status = 'sent' AND COALESCE(raw_id, '') = '' AND committed_at > $3
       AND contact_id IN (SELECT r.contact_id FROM send_reservation r
                          WHERE r.session = $1 AND r.state = 'committed' AND r.committed_at > $3)",
);

// Own messages that nobody has explained yet: compared with commits.
const PARKED: Sql = Sql::both(
    "UPDATE conversation_message SET at = at + $2, recorded_at = recorded_at + $2
     WHERE session = $1 AND origin = 'parked'",
);

const REFUSALS: Sql =
    Sql::both("UPDATE send_refusal SET at = at + $2 WHERE session = $1 AND at > $3");

const SESSION: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET since = since + $2, checked_at = checked_at + $2, last_connected_at = last_connected_at + $2
     WHERE name = $1",
);

const NUMBERS: Sql = Sql::both(
    "UPDATE session_number
     SET automatic_gap_until = automatic_gap_until + $2, reply_gap_until = reply_gap_until + $2, lock_until = lock_until + $2,
         unlocked_at = unlocked_at + $2
     WHERE session = $1",
);

const OUTAGE: Sql = Sql::both(
    "UPDATE send_outage
     SET since = since + $2, stopped_at = stopped_at + $2, next_try_at = next_try_at + $2
     WHERE session = $1",
);

// Only back: a clock that was set back shows that it was ahead when the number was paired. One that was set forward may be wrong
// now, and WhatsApp's times would all seem to be from before the pairing.
const PAIRED: Sql = Sql::both(
    "UPDATE session_number SET first_connected_at = first_connected_at + $2
     WHERE session = $1 AND first_connected_at > $3",
);

const PAIRED_NOW: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET first_connected_at = first_connected_at + $2
     WHERE name = $1 AND first_connected_at > $3",
);

const NUMBER_SINCE: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET number_since = number_since + $2
     WHERE name = $1 AND number_since > $3",
);

// Not of one session, so not moved by each: only put before what comes next.
const WISHES: Sql = Sql::both(
    "UPDATE contact
     SET opted_out_at = CASE WHEN opted_out_at > $1 THEN $1 ELSE opted_out_at END,
         suspended_at = CASE WHEN suspended_at > $1 THEN $1 ELSE suspended_at END,
         opted_in_at = CASE WHEN opted_in_at > $1 THEN $1 ELSE opted_in_at END
     WHERE opted_out_at > $1 OR suspended_at > $1 OR opted_in_at > $1",
);

const READ: Sql = Sql::both("UPDATE conversation_seen SET seen_at = $1 WHERE seen_at > $1");

const SESSIONS: Sql = Sql::both("SELECT * FROM whatsapp_session_status ORDER BY name");

const ACCOUNT: Sql = Sql::both(
    "UPDATE whatsapp_session_status
     SET clock_boot = $2, clock_ahead_ms = $3, clock_seen_at = $4, clock_forward_ms = $5, clock_set_at = $6
     WHERE name = $1",
);

/// Who follows the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follower {
    /// The holder of the lease: it judges across a restart of the machine too, and its readings are kept.
    Holder,
    /// Any other service: it acts only on a step within one run of one machine, which nobody can mistake.
    Other,
}

impl Store {
    /// Moves what the session counts by as much as the wall clock was set since the reading that was last accounted for.
    /// Returns by how much. `before`: the caller's own last reading, to date the step.
    ///
    /// The other sessions of that machine follow too: limits per contact count over all sessions.
    pub(crate) async fn follow_clock(
        &self,
        session: &SessionName,
        before: Option<&ClockReading>,
        now: &ClockReading,
        follower: Follower,
    ) -> Result<TimeDelta, Error> {
        let mut tx = self.db.write().await?;
        // Another session's transaction may hold messages of this one, in another order.
        locks::lock_all_sessions(&mut tx).await?;
        let row = locks::lock_session(&mut tx, session)
            .await?
            .ok_or(Error::UnexpectedRows { touched: 0 })?;
        let own = accounted(&row)?;
        let of_machine = |last: &ClockReading| {
            let of_last_run = own.as_ref().is_some_and(|own| last.is_of_boot_of(own));
            now.is_of_boot_of(last) || follower == Follower::Holder && of_last_run
        };
        let mut by = TimeDelta::zero();
        for row in tx.all(&SESSIONS, Vec::new()).await? {
            let name: SessionName = row.parsed("name")?;
            let (last, is_own) = (accounted(&row)?, name == *session);
            if last.as_ref().is_some_and(of_machine) || is_own && follower == Follower::Holder {
                let step = Step::between(last.as_ref(), before, now);
                move_along(&mut tx, &name, &step, now.at).await?;
                account(&mut tx, &name, &row, &step, now).await?;
                if is_own {
                    by = step.by;
                }
            }
        }
        tx.commit().await?;
        Ok(by)
    }
}

/// How far the clock was set, and when at the earliest, as it tells since.
struct Step {
    by: TimeDelta,
    at: Option<Timestamp>,
}

impl Step {
    fn between(
        last: Option<&ClockReading>,
        before: Option<&ClockReading>,
        now: &ClockReading,
    ) -> Self {
        let by = last.map_or(TimeDelta::zero(), |last| now.set_since(last));
        let at = before.or(last).map(|last| last.at + by);
        Self { by, at }
    }
}

async fn move_along(
    tx: &mut Tx,
    session: &SessionName,
    step: &Step,
    now: Timestamp,
) -> Result<(), Error> {
    if step.by.is_zero() {
        return Ok(());
    }
    let by = step.by.num_milliseconds();
    // What was moved forward two days, an hour ago, is found again when the clock goes back.
    let since = now.min(now - step.by) - COUNTED;
    for sql in [&SENDS, &UNNAMED, &UNSENT, &CONTACTS, &REFUSALS, &NOT_OVER] {
        tx.execute(sql, args![session, by, since]).await?;
    }
    for sql in [&PARKED, &SESSION, &NUMBERS, &OUTAGE] {
        tx.execute(sql, args![session, by]).await?;
    }
    tx.execute(&BY_DATE, args![session]).await?;
    if by < 0 {
        for sql in [&PAIRED, &PAIRED_NOW, &NUMBER_SINCE] {
            tx.execute(sql, args![session, by, since]).await?;
        }
        for sql in [&WISHES, &READ] {
            tx.execute(sql, args![now]).await?;
        }
    }
    Ok(())
}

async fn account(
    tx: &mut Tx,
    session: &SessionName,
    row: &Row,
    step: &Step,
    now: &ClockReading,
) -> Result<(), Error> {
    let before = row.opt_time("clock_set_at")?;
    let is_forward = step.by > TimeDelta::zero();
    // A step that is believed by now is not doubted again because of another one.
    let believed = before.is_some_and(|set| set + BELIEVED_AFTER <= now.at - step.by);
    let kept = row.int("clock_forward_ms")?;
    let kept = if is_forward && believed { 0 } else { kept };
    let forward = kept + step.by.num_milliseconds();
    let set_at = if is_forward { step.at } else { before };
    let args = args![
        session,
        now.boot.clone(),
        now.ahead_ms,
        now.at,
        forward.max(0),
        set_at
    ];
    tx.execute_one(&ACCOUNT, args).await
}

fn accounted(row: &Row) -> Result<Option<ClockReading>, Error> {
    let (ahead_ms, at) = (
        row.opt_int("clock_ahead_ms")?,
        row.opt_time("clock_seen_at")?,
    );
    let (Some(ahead_ms), Some(at)) = (ahead_ms, at) else {
        return Ok(None);
    };
    Ok(Some(ClockReading {
        boot: row.opt_text("clock_boot")?,
        ahead_ms,
        at,
    }))
}

/// So long after the clock was set forward it is believed: nobody set it back.
const BELIEVED_AFTER: TimeDelta = TimeDelta::days(7);

/// Steps are mistakes of days at most; a longer one corrected a clock that had never been set.
const LARGEST_MISTAKE: TimeDelta = TimeDelta::days(3);

/// How much earlier than stored the pairing may really have been, because the clock was set forward shortly before it. From a
/// session's row with `clock_forward_ms` and `clock_set_at`.
pub(crate) fn doubt_of_pairing(row: &Row, paired: Timestamp) -> Result<TimeDelta, Error> {
    let set_at = row.opt_time("clock_set_at")?;
    if set_at.is_some_and(|set| set <= paired) {
        doubt_at(row, paired)
    } else {
        Ok(TimeDelta::zero())
    }
}

/// By how much the clock may have been ahead of WhatsApp's at that moment. Reads the same columns.
pub(crate) fn doubt_at(row: &Row, moment: Timestamp) -> Result<TimeDelta, Error> {
    let forward = TimeDelta::milliseconds(row.int("clock_forward_ms")?);
    let lately = row
        .opt_time("clock_set_at")?
        .is_some_and(|set| moment < set + BELIEVED_AFTER);
    Ok(if lately && forward <= LARGEST_MISTAKE {
        forward
    } else {
        TimeDelta::zero()
    })
}

/// The doubt about the clock at that moment, for the rules. From a session's row with `clock_forward_ms` and `clock_set_at`.
pub(crate) fn doubt(row: &Row, now: Timestamp) -> Result<Option<ClockDoubt>, Error> {
    let ahead = doubt_at(row, now)?.to_std().unwrap_or_default();
    let set_at = row.opt_time("clock_set_at")?.filter(|_| !ahead.is_zero());
    Ok(set_at.map(|set_at| ClockDoubt {
        ahead,
        until: set_at + BELIEVED_AFTER,
    }))
}

/// By how much the session's clock may be ahead.
pub(crate) async fn doubt_of(
    tx: &mut Tx,
    session: &SessionName,
    now: Timestamp,
) -> Result<TimeDelta, Error> {
    let row = tx.first(&DOUBT, args![session]).await?;
    row.map_or(Ok(TimeDelta::zero()), |row| doubt_at(&row, now))
}

const DOUBT: Sql =
    Sql::both("SELECT clock_forward_ms, clock_set_at FROM whatsapp_session_status WHERE name = $1");

const BELIEVE: Sql = Sql::both(
    "UPDATE whatsapp_session_status SET clock_forward_ms = 0, clock_set_at = NULL WHERE name = $1",
);

/// When a message was written, as this machine's clock tells it since it was last set; `told` is what WhatsApp says. `row` is
/// the session's, locked.
///
/// After a step forward either clock may be wrong. A message that comes shortly after it was written shows that ours is right.
pub(crate) async fn date(
    tx: &mut Tx,
    session: &SessionName,
    row: &Row,
    told: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    let doubt = doubt_at(row, now)?;
    if doubt.is_zero() {
        return Ok(told);
    }
    if now - told < doubt / 2 {
        tx.execute_one(&BELIEVE, args![session]).await?;
        return Ok(told);
    }
    Ok((told + doubt).min(now))
}
