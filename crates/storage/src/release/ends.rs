//! What the answer to the one call proves becomes the row's fate (design §5, the table of answers).
//!
//! The rule that must hold: a row in doubt goes on only with a proof, and a known end never changes.

use domain::{
    Timestamp,
    ack::Ack,
    ids::AttemptId,
    message_status::{MessageStatus, Verb},
    outcome::{FailureReason, Meaning, SendAnswer},
    release::{Refusal, ReleaseRules, SendFailure},
    session::SessionName,
    wait::WaitReason,
    wire::{OutcomeFact, Restriction},
};
use rand::Rng;

use crate::{
    Error, Finished, Store,
    db::{Sql, Tx, args},
    send_outage,
    settling::Proof,
    timeline::NewEvent,
};

use super::{
    abandonment, doubt,
    earlier_sends::earlier_attempt,
    pending_again::Again,
    queue_row::{self, QueueRow},
    reservations, session_away, slot,
};

/// An outcome, and by whose numbers the pause after it is drawn.
pub(crate) struct Ending<'a> {
    pub(crate) session: &'a SessionName,
    pub(crate) outcome: &'a OutcomeFact,
    pub(crate) rules: &'a ReleaseRules,
    pub(crate) now: Timestamp,
}

const FAIL: Sql = Sql::both(
    "UPDATE whatsapp_message_queue
     SET status = $2, last_error = $3, uncertain_since = NULL, looked = 0, next_look_at = NULL
     WHERE id = $1",
);

impl Ending<'_> {
    fn refusal(&self) -> Option<Refusal> {
        self.outcome.reply.answer.refusal()
    }

    /// Counts the failed send, if it says something about other sends too.
    async fn count_refusal(&self, tx: &mut Tx, row: &QueueRow) -> Result<(), Error> {
        let Some(refusal) = self.refusal() else {
            return Ok(());
        };
        // It was counted when its end was unclear. A late answer tells how WAHA was then, not how it is now.
        if row.status != MessageStatus::Sending {
            return Ok(());
        }
        let failure = SendFailure {
            refusal,
            contact: row.contact,
            committed_at: row.committed_at.unwrap_or(self.now),
            at: self.now,
        };
        send_outage::failed(tx, row.session_number(), &failure, self.rules).await
    }
}

impl Store {
    /// Applies an outcome to the row that its attempt is the newest of. The caller holds the session's lock.
    pub(crate) async fn end_attempt(
        &self,
        tx: &mut Tx,
        ending: &Ending<'_>,
        dice: &mut (impl Rng + Send),
    ) -> Result<Finished, Error> {
        let row = queue_row::of_attempt(tx, ending.outcome.attempt).await?;
        let meaning = ending.outcome.reply.answer.meaning();
        // Between two attempts of the message, this one is an earlier send of it.
        let newest = row.filter(|row| row.session == *ending.session && !row.is_between_attempts());
        let Some(row) = newest else {
            if let Meaning::Sent { raw_id } = meaning {
                self.earlier_accepted(tx, raw_id, ending).await?;
            }
            return Ok(Finished::AlreadyDone);
        };
        let time_lock = time_lock(&meaning);
        match (row.status, meaning) {
            (MessageStatus::Sending, meaning) => {
                self.end_sending(tx, &row, meaning, ending, dice).await
            }
            (MessageStatus::Uncertain, Meaning::Sent { raw_id }) => {
                self.accept(tx, &row, raw_id.as_deref(), ending).await
            }
            (MessageStatus::Uncertain, meaning) if meaning.proves_not_sent() => {
                let finished = self.end_sending(tx, &row, meaning, ending, dice).await?;
                doubt::take_back(tx, &row).await?;
                Ok(finished)
            }
            // A person saw it arrive, and error 463 is no failure (design §5): only the restriction is news.
            (MessageStatus::Sent, Meaning::Restricted { .. } | Meaning::ContactRefused)
                if row.raw_id.is_none() =>
            {
                self.refused_by_whatsapp(tx, &row, time_lock, ending.now)
                    .await?;
                Ok(Finished::AlreadyDone)
            }
            (MessageStatus::Sent, meaning) if meaning.proves_not_sent() && row.raw_id.is_none() => {
                // A person said that it had arrived. They decide again: they may have typed it by hand.
                let reason = match meaning {
                    Meaning::Failed(reason) => reason,
                    _ => FailureReason::NotSent,
                };
                let failed = Meaning::Failed(reason);
                let finished = self.end_sending(tx, &row, failed, ending, dice).await?;
                doubt::take_back(tx, &row).await?;
                Ok(finished)
            }
            (MessageStatus::Sent, Meaning::Sent { raw_id: Some(id) }) if row.raw_id.is_none() => {
                self.learn_raw_id(tx, &row, &id, ending.now).await?;
                Ok(Finished::AlreadyDone)
            }
            _ => Ok(Finished::AlreadyDone),
        }
    }

    /// A person had it sent again, and now it shows that it had arrived.
    async fn earlier_accepted(
        &self,
        tx: &mut Tx,
        raw_id: Option<String>,
        ending: &Ending<'_>,
    ) -> Result<(), Error> {
        let attempt = ending.outcome.attempt;
        if let Some(raw_id) = raw_id {
            reservations::learn_raw_id(tx, attempt, &raw_id).await?;
        }
        if let Some(earlier) = earlier_attempt(tx, ending.session, attempt).await? {
            let at = ending.outcome.reply.answered_at.min(ending.now);
            self.earlier_arrived(tx, earlier, "answer", at, ending.now)
                .await?;
        }
        Ok(())
    }

    async fn end_sending(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        meaning: Meaning,
        ending: &Ending<'_>,
        dice: &mut (impl Rng + Send),
    ) -> Result<Finished, Error> {
        let refused = meaning.proves_not_sent();
        if refused
            && self
                .settle_from_receipts(tx, row, Ack::Server, ending.now)
                .await?
        {
            slot::end(tx, row, answered_at(row, ending), ending, dice).await?;
            return Ok(Finished::Sent);
        }
        match meaning {
            Meaning::Sent { raw_id } => {
                slot::end(tx, row, answered_at(row, ending), ending, dice).await?;
                let raw_id = raw_id.or_else(|| row.raw_id.clone());
                self.accept(tx, row, raw_id.as_deref(), ending).await
            }
            // It was seen in the chat, by the id that we chose: that is more than any answer.
            _ if row.raw_id.is_some() => {
                slot::end(tx, row, answered_at(row, ending), ending, dice).await?;
                self.accept(tx, row, row.raw_id.as_deref(), ending).await
            }
            Meaning::Away(reason) => self.put_back(tx, row, reason, ending).await,
            Meaning::SlowDown => self.put_back(tx, row, WaitReason::BackOff, ending).await,
            Meaning::Restricted { .. } | Meaning::ContactRefused => {
                slot::end(tx, row, answered_at(row, ending), ending, dice).await?;
                self.put_back_refused(tx, row, time_lock(&meaning), ending)
                    .await
            }
            Meaning::Failed(reason) => {
                let attempt = newest_attempt(row)?;
                if ending.refusal().is_some() {
                    reservations::unsent(tx, attempt, ending.now).await?;
                } else {
                    reservations::abandon(tx, attempt).await?;
                }
                let failed = self.fail(tx, row, reason, ending.now).await?;
                ending.count_refusal(tx, row).await?;
                Ok(failed)
            }
            Meaning::Unknown => {
                // It can have left until now.
                slot::end(tx, row, ending.now, ending, dice).await?;
                let finished = self.doubt(tx, row, ending.now).await?;
                if finished == Finished::Uncertain {
                    ending.count_refusal(tx, row).await?;
                }
                Ok(finished)
            }
        }
    }

    async fn accept(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        raw_id: Option<&str>,
        ending: &Ending<'_>,
    ) -> Result<Finished, Error> {
        let reply = &ending.outcome.reply;
        let proof = Proof {
            raw_id,
            at: answered_at(row, ending),
            told_by: "answer",
            took_ms: Some((reply.answered_at - reply.started_at).num_milliseconds()),
        };
        self.mark_sent(tx, row, proof, ending.now).await?;
        Ok(Finished::Sent)
    }

    async fn put_back(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        reason: WaitReason,
        ending: &Ending<'_>,
    ) -> Result<Finished, Error> {
        // WAHA was not called, so nothing is known of the session: the composition broke off after its commit.
        let never_called = ending.outcome.reply.answer == SendAnswer::NeverCalled;
        let (wait, why) = if never_called {
            let wait = abandonment::broke_off(tx, row, ending.rules, ending.now).await?;
            (wait, "never_called")
        } else {
            let wait = abandonment::refused(tx, row, ending.rules, ending.now).await?;
            (wait, word(reason))
        };
        let again = Again {
            verb: Verb::PutBack,
            wait: Some(wait),
            why,
            uncounted: true,
            keeps_slot: false,
        };
        self.to_pending(tx, row, again, ending.now).await?;
        reservations::unsent(tx, newest_attempt(row)?, ending.now).await?;
        let is_news = row.status == MessageStatus::Sending;
        if is_news && !never_called && reason != WaitReason::BackOff {
            session_away::note(tx, ending.session, reason, ending.now).await?;
        }
        ending.count_refusal(tx, row).await?;
        Ok(Finished::PutBack(reason))
    }

    /// Error 463: the account may not start new chats, or this contact may not be written to. Nothing was sent.
    async fn put_back_refused(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        time_lock: Option<Restriction>,
        ending: &Ending<'_>,
    ) -> Result<Finished, Error> {
        let refused = self.refused_by_whatsapp(tx, row, time_lock, ending.now);
        let (reason, wait) = refused.await?;
        let again = Again {
            verb: Verb::PutBack,
            wait,
            why: reason.as_str(),
            uncounted: false,
            keeps_slot: true,
        };
        self.to_pending(tx, row, again, ending.now).await?;
        Ok(Finished::PutBack(reason))
    }

    async fn fail(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        reason: FailureReason,
        now: Timestamp,
    ) -> Result<Finished, Error> {
        let status = row.after(Verb::Fail)?;
        tx.execute_one(&FAIL, args![row.message, status, reason])
            .await?;
        let event = NewEvent {
            detail: Some(reason.as_str()),
            ..NewEvent::new("failed", now)
        };
        self.write_event(tx, row.message, event).await?;
        self.after_any_end(tx, row, now).await?;
        Ok(Finished::Failed(reason))
    }
}

/// The time-lock that refused a send; `None`: none was in force.
const fn time_lock(meaning: &Meaning) -> Option<Restriction> {
    match meaning {
        Meaning::Restricted { until } => Some(Restriction { until: *until }),
        _ => None,
    }
}

/// When the answer came: between the commit and now, whatever the integration's clock says.
fn answered_at(row: &QueueRow, ending: &Ending<'_>) -> Timestamp {
    let at = ending.outcome.reply.answered_at.min(ending.now);
    row.committed_at.map_or(at, |committed| at.max(committed))
}

/// The word of the timeline for a refused send.
const fn word(reason: WaitReason) -> &'static str {
    match reason {
        WaitReason::BackOff => Refusal::SlowDown.as_str(),
        reason => reason.as_str(),
    }
}

pub(super) fn newest_attempt(row: &QueueRow) -> Result<AttemptId, Error> {
    row.attempt.ok_or(Error::Corrupt {
        column: "attempt_id",
    })
}
