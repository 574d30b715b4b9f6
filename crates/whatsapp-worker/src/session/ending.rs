//! The one call and its end, and giving a message back: what happened outside is written down, however long the database
//! is away.

use std::time::Duration;

use domain::{
    ids::AttemptId,
    outcome::SendAnswer,
    wait::WaitReason,
    wire::{OutcomeFact, SendReply, SendRequest},
};
use storage::{Finished, ReleaseOutcome, ReleaseReason, Work};

use crate::integration::IntegrationError;

use super::{SessionDesk, Stop};

/// After WAHA turned out to be away, so that the queue is not hammered.
const AFTER_AWAY: Duration = Duration::from_secs(5);

impl SessionDesk<'_> {
    /// The one call. A broken answer is asked for; what stays unknown is unclear.
    pub(super) async fn send(&self, work: &Work) -> SendReply {
        let request = SendRequest {
            attempt: work.attempt,
            epoch: self.lease.epoch,
        };
        match self.context.integration.send(self.session, &request).await {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(session = %self.session, attempt = %work.attempt, error = &error as &dyn std::error::Error, "asking for the outcome");
                self.outcome_of(work.attempt).await
            }
        }
    }

    /// Writes down how the one call went, until it is saved.
    pub(super) async fn finish(&self, attempt: AttemptId, reply: SendReply) -> Result<(), Stop> {
        let fact = OutcomeFact { attempt, reply };
        let rules = self
            .context
            .until_saved("the rules", || self.context.rules())
            .await?;
        let finished = self
            .context
            .until_saved("an outcome", || {
                let mut dice = self.context.dice();
                let now = self.context.clock.now();
                let (store, claimer, fact) = (&self.context.store, self.claimer(&rules), &fact);
                async move { store.finish(claimer, fact, now, &mut dice).await }
            })
            .await?;
        log_finish(self, &fact, finished);
        match finished {
            Finished::StaleEpoch => Err(Stop::Lost),
            Finished::PutBack(_) => {
                self.look_at_session().await;
                Ok(())
            }
            Finished::Uncertain => {
                self.bells.settling.notify_one();
                Ok(())
            }
            Finished::Sent | Finished::Failed(_) | Finished::AlreadyDone => Ok(()),
        }
    }

    /// composing → pending, until it is saved.
    pub(super) async fn release(&self, attempt: AttemptId, why: ReleaseReason) -> Result<(), Stop> {
        let rules = self
            .context
            .until_saved("the rules", || self.context.rules())
            .await?;
        let outcome = self
            .context
            .until_saved("a release", || {
                self.context.store.release(
                    self.claimer(&rules),
                    attempt,
                    why,
                    self.context.clock.now(),
                )
            })
            .await?;
        tracing::info!(session = %self.session, %attempt, ?why, "composition ended before the commit");
        match outcome {
            ReleaseOutcome::StaleEpoch => Err(Stop::Lost),
            ReleaseOutcome::Pending { .. } | ReleaseOutcome::Gone => Ok(()),
        }
    }

    /// WAHA or the integration is away: nothing was shown or sent, no attempt is used up.
    pub(super) async fn away(
        &self,
        attempt: AttemptId,
        error: &IntegrationError,
    ) -> Result<(), Stop> {
        tracing::warn!(session = %self.session, %attempt, error = error as &dyn std::error::Error, "WAHA is away");
        let reason = if error.is("key_refused") {
            WaitReason::KeyRefused
        } else {
            WaitReason::SessionAway
        };
        self.went_away(attempt, reason).await
    }

    /// The session cannot send now: nothing was sent, no attempt is used up. It is looked at again.
    pub(super) async fn went_away(
        &self,
        attempt: AttemptId,
        reason: WaitReason,
    ) -> Result<(), Stop> {
        self.release(attempt, ReleaseReason::Away(reason)).await?;
        self.look_at_session().await;
        tokio::select! {
            () = tokio::time::sleep(AFTER_AWAY) => {}
            () = self.shutdown.cancelled() => {}
        }
        Ok(())
    }
}

fn log_finish(desk: &SessionDesk<'_>, fact: &OutcomeFact, finished: Finished) {
    let took = fact.reply.answered_at - fact.reply.started_at;
    let unclear = matches!(fact.reply.answer, SendAnswer::Unclear);
    tracing::info!(
        session = %desk.session,
        attempt = %fact.attempt,
        outcome = ?finished,
        took_ms = took.num_milliseconds(),
        unclear,
        "send ended"
    );
}
