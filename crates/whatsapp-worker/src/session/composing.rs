//! The visible part, up to the point of no return: follow the integration's stream, step aside for a reply, commit.
//! Nothing here sends: a composition that ends in any other way than a commit gave the message back.

use domain::{
    ids::AttemptId,
    message_status::MessageStatus,
    release::Refusal,
    wait::{Ends, Wait},
    wire::{CancelRequest, ComposeLine, ComposeRequest, CompositionEnd, Phase},
};
use storage::{Commit, ReleaseReason, Work};

use crate::integration::ComposeStream;

use super::{SessionDesk, Stop};

/// How a composition ended.
pub(super) enum Composed {
    /// Ready, and committed. The stream is kept until the call was made: its end would end the composition.
    Committed(ComposeStream),
    /// It went back, or the row was ended by somebody else. Nothing was sent.
    Over,
}

impl SessionDesk<'_> {
    pub(super) async fn compose(&self, work: &Work) -> Result<Composed, Stop> {
        let request = ComposeRequest {
            attempt: work.attempt,
            epoch: self.lease.epoch,
            own_number: work.own_number.clone(),
            chat: work.chat.clone(),
            text: work.text.clone(),
            plan: work.plan,
            seen: work
                .answers
                .iter()
                .map(|answered| answered.full_id.clone())
                .collect(),
            reply_to: work
                .answers
                .as_ref()
                .map(|answered| answered.full_id.clone()),
            link_preview: work.link_preview,
        };
        match self
            .context
            .integration
            .compose(self.session, &request)
            .await
        {
            Ok(stream) => self.follow(work, stream).await,
            Err(error) => {
                self.away(work.attempt, &error).await?;
                Ok(Composed::Over)
            }
        }
    }

    /// Follows the stream; pre-empted by a reply, ended by the shutdown.
    async fn follow(&self, work: &Work, mut stream: ComposeStream) -> Result<Composed, Stop> {
        let ends = tokio::time::Instant::now() + work.plan.total();
        loop {
            let line = tokio::select! {
                line = stream.next() => line,
                () = self.shutdown.cancelled() => return self.give_up(work, ReleaseReason::Stopping).await,
                () = self.bells.work.notified() => {
                    if !self.recheck(work, ends).await? {
                        self.cancel_composition(work.attempt).await;
                        return Ok(Composed::Over);
                    }
                    if self.reply_goes_first().await? {
                        return self.give_up(work, ReleaseReason::Preempted).await;
                    }
                    continue;
                }
            };
            match line {
                Ok(Some(ComposeLine::Phase { phase, at })) => {
                    self.record_phase(work, phase, at).await?;
                }
                Ok(Some(ComposeLine::Heartbeat)) => {}
                Ok(Some(ComposeLine::Ready { message_id })) => {
                    return self.commit(work, message_id.as_deref(), stream).await;
                }
                Ok(Some(ComposeLine::Ended {
                    why: CompositionEnd::OtherNumber,
                })) => {
                    self.other_number(work.attempt).await?;
                    return Ok(Composed::Over);
                }
                Ok(Some(ComposeLine::Ended {
                    why: CompositionEnd::NumberUnread,
                })) => {
                    self.went_away(work.attempt, Refusal::SessionAway).await?;
                    return Ok(Composed::Over);
                }
                Ok(Some(ComposeLine::Ended { why })) => {
                    return self
                        .give_up(work, ReleaseReason::CompositionEnded(why))
                        .await;
                }
                Ok(None) | Err(_) => return self.give_up(work, ReleaseReason::Lost).await,
            }
        }
    }

    async fn reply_goes_first(&self) -> Result<bool, Stop> {
        let rules = self.context.rules().await?;
        let now = self.context.clock.now();
        Ok(self
            .context
            .store
            .reply_waiting(self.claimer(&rules), now)
            .await?)
    }

    async fn record_phase(
        &self,
        work: &Work,
        phase: Phase,
        at: domain::Timestamp,
    ) -> Result<(), Stop> {
        let planned = match phase {
            Phase::Reading => work.plan.reading_ms,
            Phase::Typing => work.plan.typing_ms,
            Phase::Pausing => work.plan.pause_ms,
        };
        let planned = i64::try_from(planned).ok();
        let store = &self.context.store;
        Ok(store
            .record_phase(
                work.attempt,
                work.message,
                phase.as_str(),
                at,
                planned,
                None,
            )
            .await?)
    }

    /// The point of no return. While a wait of a few seconds remains, asks again: the composition stays ready for 10 s.
    async fn commit(
        &self,
        work: &Work,
        message_id: Option<&str>,
        mut stream: ComposeStream,
    ) -> Result<Composed, Stop> {
        loop {
            self.follow_clock().await?;
            let rules = self.context.rules().await?;
            let now = self.context.clock.now();
            let answer = self
                .context
                .store
                .commit(self.claimer(&rules), work, message_id, now)
                .await;
            let outcome = match answer {
                Ok(outcome) => outcome,
                Err(error) => return self.after_broken_commit(work, error, stream).await,
            };
            match outcome {
                Commit::Committed => return Ok(Composed::Committed(stream)),
                Commit::NotYet(Wait {
                    ends: Ends::At(at), ..
                }) => {
                    tokio::select! {
                        () = self.context.clock.sleep_until(at) => {}
                        line = stream.next() => {
                            let why = match line {
                                Ok(Some(ComposeLine::Ended { why })) => why,
                                _ => CompositionEnd::ReadyExpired,
                            };
                            return self.give_up(work, ReleaseReason::CompositionEnded(why)).await;
                        }
                    }
                }
                Commit::NotYet(_) | Commit::LeaseTooShort => {
                    return self
                        .give_up(
                            work,
                            ReleaseReason::CompositionEnded(CompositionEnd::ReadyExpired),
                        )
                        .await;
                }
                Commit::Back(_) | Commit::Ended | Commit::Changed => {
                    self.cancel_composition(work.attempt).await;
                    return Ok(Composed::Over);
                }
                Commit::StaleEpoch => return Err(Stop::Lost),
            }
        }
    }

    /// An unclear COMMIT is read back, never assumed (design §5, durability).
    async fn after_broken_commit(
        &self,
        work: &Work,
        error: storage::Error,
        stream: ComposeStream,
    ) -> Result<Composed, Stop> {
        tracing::error!(session = %self.session, attempt = %work.attempt, error = &error as &dyn std::error::Error, "the commit broke");
        let state = self
            .context
            .until_saved("the state after a commit", || {
                self.context.store.commit_state(self.session, work.attempt)
            })
            .await?;
        match state {
            Some(MessageStatus::Sending) => Ok(Composed::Committed(stream)),
            _ => self.give_up(work, ReleaseReason::Lost).await,
        }
    }

    /// Ends the composition on the other side and gives the row back.
    async fn give_up(&self, work: &Work, why: ReleaseReason) -> Result<Composed, Stop> {
        self.cancel_composition(work.attempt).await;
        self.release(work.attempt, why).await?;
        Ok(Composed::Over)
    }

    async fn cancel_composition(&self, attempt: AttemptId) {
        let request = CancelRequest {
            attempt,
            epoch: self.lease.epoch,
        };
        if let Err(error) = self
            .context
            .integration
            .cancel(self.session, &request)
            .await
        {
            tracing::debug!(session = %self.session, %attempt, error = &error as &dyn std::error::Error, "the composition ends with its stream");
        }
    }
}
