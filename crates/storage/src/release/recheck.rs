//! The rules again, before the first visible act.

use domain::{
    Timestamp,
    ids::AttemptId,
    message_status::MessageStatus,
    phone_number::PhoneNumber,
    release::{Facts, ReleaseRules},
    wait::{Wait, WaitReason},
};

use crate::{
    CancelReason, Claimer, Error, Recheck, Store, Work,
    db::{Sql, Tx, args},
    facts_of_release::{contact_facts, session_facts},
    locks,
};

use super::{
    abandonment,
    asking::{Asked, Whose, ask, whose},
    pending_again::Again,
    queue_row::{self, QueueRow},
    reservations, waits,
};

/// What a composition's row says before any rule is asked.
pub(super) enum Standing {
    /// It is composing, unchanged.
    Composing(Box<QueueRow>),
    /// It is committed already: the same call, made again.
    Committed,
    /// It was cancelled.
    Ended,
    /// It was edited, or is not this attempt's any more; in any case it is not composing now.
    Changed,
}

const SNAPSHOT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET snapshot = $2
     WHERE attempt_id = $1 AND status = 'composing'",
);

impl Store {
    /// Asks the rules again, for a commit at `at`: also while the composition is shown.
    pub async fn recheck(
        &self,
        claimer: Claimer<'_>,
        work: &Work,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Recheck, Error> {
        let mut tx = self.db.write().await?;
        if claimer.lock(&mut tx).await?.is_none() {
            return Ok(Recheck::StaleEpoch);
        }
        let answer = match self.standing(&mut tx, work, now).await? {
            Standing::Composing(row) => {
                match asked_again(&mut tx, &claimer, &row, at, now).await? {
                    AskedAgain::Send(_) => Recheck::Go,
                    AskedAgain::OtherNumber => {
                        self.back_for_other_number(&mut tx, &row, now).await?;
                        Recheck::Changed
                    }
                    AskedAgain::Refuse(reason) => {
                        self.cancel_by_rule(&mut tx, &row, reason, now).await?;
                        Recheck::Ended
                    }
                    AskedAgain::Wait(wait, whose) => {
                        self.back(&mut tx, &row, work, claimer.rules, whose, now)
                            .await?;
                        Recheck::Back(wait)
                    }
                }
            }
            Standing::Committed | Standing::Changed => Recheck::Changed,
            Standing::Ended => Recheck::Ended,
        };
        tx.commit().await?;
        Ok(answer)
    }

    /// Keeps the own raw ids that the chat holds before the commit. Whether the attempt was still composing.
    pub async fn record_snapshot(
        &self,
        claimer: Claimer<'_>,
        attempt: AttemptId,
        snapshot: &[String],
    ) -> Result<bool, Error> {
        let json = serde_json::to_string(snapshot)?;
        let mut tx = self.db.write().await?;
        if claimer.lock(&mut tx).await?.is_none() {
            return Ok(false);
        }
        let touched = tx.execute(&SNAPSHOT, args![attempt, json]).await?;
        tx.commit().await?;
        Ok(touched == 1)
    }

    /// Whether the composition may go on at all; one that was edited goes back to the queue here.
    pub(super) async fn standing(
        &self,
        tx: &mut Tx,
        work: &Work,
        now: Timestamp,
    ) -> Result<Standing, Error> {
        let Some(row) = queue_row::of_attempt(tx, work.attempt).await? else {
            return Ok(Standing::Changed);
        };
        match row.status {
            MessageStatus::Composing if row.version == work.version => {
                Ok(Standing::Composing(Box::new(row)))
            }
            MessageStatus::Composing => {
                let again = Again::released(None, "edited");
                self.to_pending(tx, &row, again, now).await?;
                Ok(Standing::Changed)
            }
            MessageStatus::Cancelled => Ok(Standing::Ended),
            MessageStatus::Sending => Ok(Standing::Committed),
            _ => Ok(Standing::Changed),
        }
    }

    /// Gives a composition back that was decided for a number that is not linked any more.
    pub(super) async fn back_for_other_number(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        now: Timestamp,
    ) -> Result<(), Error> {
        let again = Again::released(None, "other_number");
        self.to_pending(tx, row, again, now).await
    }

    /// Gives a composition back because a rule says "not now". A session that is away ends what it shows: what had begun counts, and
    /// backs off.
    pub(super) async fn back(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        work: &Work,
        rules: &ReleaseRules,
        whose: Whose,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (wait, reason) = match whose {
            Whose::Message(own) => {
                let early = waits::started_early(own, work.plan.total(), now);
                (Some(early), own.reason)
            }
            Whose::Session(wait) if AWAY.contains(&wait.reason) => {
                let pause = abandonment::refused(tx, row, rules, now).await?;
                let had_begun = reservations::unsent_if_begun(tx, work.attempt, now).await?;
                (had_begun.then_some(pause), wait.reason)
            }
            Whose::Session(wait) => (None, wait.reason),
        };
        let again = Again::released(wait, reason.as_str());
        self.to_pending(tx, row, again, now).await
    }
}

/// The session has no connection, and may lose it again and again.
const AWAY: [WaitReason; 4] = [
    WaitReason::SessionAway,
    WaitReason::SessionConnecting,
    WaitReason::SessionNeedsScan,
    WaitReason::KeyRefused,
];

/// The rules' answer to facts that were read again.
pub(super) enum AskedAgain {
    /// Another number was linked since the attempt was decided. Whether that one may write, the next claim decides.
    OtherNumber,
    Send(super::asking::Leave),
    Refuse(CancelReason),
    Wait(Wait, Whose),
}

/// Reads every fact anew and asks whether the composition may be committed at `at`.
pub(super) async fn asked_again(
    tx: &mut Tx,
    claimer: &Claimer<'_>,
    row: &QueueRow,
    at: Timestamp,
    now: Timestamp,
) -> Result<AskedAgain, Error> {
    let session = session_facts(tx, claimer.session, now, claimer.rules.day)
        .await?
        .ok_or(Error::UnexpectedRows { touched: 0 })?;
    let linked = session.own_number.as_ref().map(PhoneNumber::digits);
    if linked.is_some() && linked != row.own_number.as_deref() {
        return Ok(AskedAgain::OtherNumber);
    }
    let except = Some(row.message);
    locks::take_turn(tx, row.contact).await?;
    let contact = contact_facts(tx, claimer.session, row.contact, except, now).await?;
    let facts = Facts {
        session: &session,
        contact: &contact,
        message: &row.facts,
    };
    Ok(match ask(claimer, &facts, at) {
        Asked::Send(leave) => AskedAgain::Send(leave),
        Asked::Refuse(reason) => AskedAgain::Refuse(CancelReason::Rule(reason)),
        Asked::Wait(wait) => AskedAgain::Wait(wait, whose(claimer, &facts, at, wait)),
    })
}
