//! The one call and its end, and giving a message back: what happened outside is written down, however long the database
//! is away.

use std::time::Duration;

use domain::{
    ids::AttemptId,
    outcome::SendAnswer,
    release::Refusal,
    wait::WaitReason,
    wire::{CompositionEnd, OutcomeFact, SendReply, SendRequest},
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

    /// WAHA or the integration did not do what precedes a composition: nothing was shown or sent.
    pub(super) async fn away(
        &self,
        attempt: AttemptId,
        error: &IntegrationError,
    ) -> Result<(), Stop> {
        tracing::warn!(session = %self.session, %attempt, error = error as &dyn std::error::Error, "WAHA is away");
        let refusal = if error.is("key_refused") {
            Refusal::KeyRefused
        } else {
            Refusal::SessionAway
        };
        self.went_away(attempt, refusal).await
    }

    /// The session did not answer before anything was shown; no attempt is used up. If it is connected all the same, the next claim
    /// would fail alike at once, so it counts as a refused send.
    pub(super) async fn went_away(&self, attempt: AttemptId, refusal: Refusal) -> Result<(), Stop> {
        self.back_after_look(attempt, |connected| match refusal {
            _ if connected => ReleaseReason::Refused(refusal),
            Refusal::KeyRefused => ReleaseReason::Away(WaitReason::KeyRefused),
            _ => ReleaseReason::Away(WaitReason::SessionAway),
        })
        .await
    }

    /// Another number is linked. The look records which, and the next claim decides for it.
    pub(super) async fn other_number(&self, attempt: AttemptId) -> Result<(), Stop> {
        let why = ReleaseReason::CompositionEnded(CompositionEnd::OtherNumber);
        self.back_after_look(attempt, |_| why).await
    }

    /// Looks at the session, gives the row back, and waits a little. `why` is told whether the session is connected.
    async fn back_after_look(
        &self,
        attempt: AttemptId,
        why: impl FnOnce(bool) -> ReleaseReason,
    ) -> Result<(), Stop> {
        let connected = tokio::select! {
            connected = self.is_connected() => connected.unwrap_or_else(|error| {
                tracing::warn!(session = %self.session, error = &error as &dyn std::error::Error, "the session could not be read; it counts as away");
                false
            }),
            () = self.shutdown.cancelled() => {
                return self.release(attempt, ReleaseReason::Stopping).await;
            }
        };
        self.release(attempt, why(connected)).await?;
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
