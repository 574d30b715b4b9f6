//! The point of no return: everything is read again in the transaction that decides.

use domain::{
    Timestamp,
    ids::AttemptId,
    message_status::{MessageStatus, Verb},
    session::SessionName,
    wait::{Ends, Wait},
};

use crate::{
    Claimer, Commit, Error, Store, Work,
    db::{Sql, Tx, args},
    locks,
    timeline::NewEvent,
};

use super::{
    asking::Leave,
    queue_row::QueueRow,
    recheck::{AskedAgain, Standing, asked_again},
    reservations,
};

/// A commit needs this much of the lease: whatever happens next must find the session still ours (design §5).
const LEAST_LEASE: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// A ready composition lives for 10 s (design §5): it can wait this long for its commit.
const SHORT_WAIT: chrono::TimeDelta = chrono::TimeDelta::seconds(8);

const COMMIT: Sql = Sql::both(
    "UPDATE whatsapp_message_queue SET status = $2, committed_at = $3, client_raw_id = $4, evidence_id = $5
     WHERE id = $1",
);

const STATE: Sql = Sql::both("SELECT status FROM whatsapp_message_queue WHERE attempt_id = $1");

impl Store {
    /// Commits the attempt: after [`Commit::Committed`] the one call may be made, and never without it.
    /// `client_raw_id`: the id that the message will have, when the engine lets us choose it.
    ///
    /// Made again after it succeeded, it answers the same; the integration makes at most one call for an attempt.
    pub async fn commit(
        &self,
        claimer: Claimer<'_>,
        work: &Work,
        client_raw_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Commit, Error> {
        let mut tx = self.db.write().await?;
        let Some(lease_ends) = claimer.lock(&mut tx).await? else {
            return Ok(Commit::StaleEpoch);
        };
        let row = match self.standing(&mut tx, work, now).await? {
            Standing::Composing(row) => row,
            Standing::Committed => return Ok(Commit::Committed),
            Standing::Ended => return Ok(Commit::Ended),
            Standing::Changed => {
                tx.commit().await?;
                return Ok(Commit::Changed);
            }
        };
        let answer = match asked_again(&mut tx, &claimer, &row, now, now).await? {
            AskedAgain::Wait(wait, _) if is_short(wait, now) => return Ok(Commit::NotYet(wait)),
            AskedAgain::Wait(wait, whose) => {
                self.back(&mut tx, &row, work, claimer.rules, whose, now)
                    .await?;
                Commit::Back(wait)
            }
            AskedAgain::Refuse(reason) => {
                self.cancel_by_rule(&mut tx, &row, reason, now).await?;
                Commit::Ended
            }
            AskedAgain::OtherNumber => {
                self.back_for_other_number(&mut tx, &row, now).await?;
                Commit::Changed
            }
            AskedAgain::Send(_) if lease_ends - now < LEAST_LEASE => {
                return Ok(Commit::LeaseTooShort);
            }
            AskedAgain::Send(leave) => {
                self.pass(&mut tx, &row, &leave, client_raw_id, now).await?;
                Commit::Committed
            }
        };
        tx.commit().await?;
        Ok(answer)
    }

    /// The status of the message whose newest attempt this is, to read back after [`Error::UnclearCommit`]: waits for a transaction of
    /// the session that may still be committing.
    pub async fn commit_state(
        &self,
        session: &SessionName,
        attempt: AttemptId,
    ) -> Result<Option<MessageStatus>, Error> {
        let mut tx = self.db.write().await?;
        locks::lock_session(&mut tx, session).await?;
        let row = tx.first(&STATE, args![attempt]).await?;
        row.map(|row| row.parsed("status")).transpose()
    }

    async fn pass(
        &self,
        tx: &mut Tx,
        row: &QueueRow,
        leave: &Leave,
        client_raw_id: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let attempt = row.attempt.ok_or(Error::Corrupt {
            column: "attempt_id",
        })?;
        let status = row.after(Verb::Commit)?;
        let args = args![row.message, status, now, client_raw_id, leave.evidence.id];
        tx.execute_one(&COMMIT, args).await?;
        reservations::commit(tx, attempt, leave, client_raw_id, now).await?;
        self.write_event(tx, row.message, NewEvent::new("committed", now))
            .await
    }
}

fn is_short(wait: Wait, now: Timestamp) -> bool {
    matches!(wait.ends, Ends::At(at) if at - now <= SHORT_WAIT)
}
