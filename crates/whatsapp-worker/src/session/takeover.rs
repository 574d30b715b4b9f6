//! After taking a session: fence the integration, then bring every attempt of earlier holders to its end (design §5, fencing).
//! Nothing `composing` or `sending` is touched before the fence was answered.

use std::time::Duration;

use domain::{
    ids::AttemptId,
    message_status::MessageStatus,
    outcome::SendAnswer,
    wire::{AttemptState, SendReply},
};
use storage::{OpenAttempt, ReleaseReason};

use super::{SessionDesk, Stop};

/// A call to WAHA takes at most 60 s; the integration's answer of it comes within this.
const CALL_ENDS_WITHIN: Duration = Duration::from_secs(75);
const ASK_AGAIN: Duration = Duration::from_secs(1);
const FENCE_AGAIN: Duration = Duration::from_secs(2);

/// Fences, then settles what was open.
pub(super) async fn settle_open(desk: &SessionDesk<'_>) -> Result<(), Stop> {
    if !fence(desk).await? {
        return Ok(());
    }
    let open = desk
        .context
        .until_saved("open attempts", || {
            desk.context.store.open_attempts(desk.session)
        })
        .await?;
    for attempt in open {
        end(desk, &attempt).await?;
    }
    Ok(())
}

/// Ends an attempt that no task of this worker holds: a composition is given back, the end of a call is asked for.
pub(super) async fn end(desk: &SessionDesk<'_>, open: &OpenAttempt) -> Result<(), Stop> {
    if open.status == MessageStatus::Composing {
        return desk.release(open.attempt, ReleaseReason::Lost).await;
    }
    let reply = desk.outcome_of(open.attempt).await;
    desk.finish(open.attempt, reply).await
}

/// Until the integration refuses every older epoch; `false` when the service stops before. An integration that has served a newer epoch
/// than the database knows shows that the database was restored: then the lease is taken anew, with an epoch beyond that one.
async fn fence(desk: &SessionDesk<'_>) -> Result<bool, Stop> {
    let mut logged = false;
    loop {
        match desk
            .context
            .integration
            .fence(desk.session, desk.lease.epoch)
            .await
        {
            Ok(reply) => {
                tracing::info!(session = %desk.session, epoch = desk.lease.epoch, running = reply.running.len(), "fenced");
                return Ok(true);
            }
            Err(error) => {
                if let Some(newest) = error.newest_epoch() {
                    return Err(after_restore(desk, newest).await);
                }
                if !logged {
                    tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "cannot fence yet");
                    logged = true;
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(FENCE_AGAIN) => {}
            () = desk.shutdown.cancelled() => return Ok(false),
        }
    }
}

/// Pauses every session until a person has looked, and gives up the lease.
async fn after_restore(desk: &SessionDesk<'_>, newest: i64) -> Stop {
    let (store, owner, epoch) = (&desk.context.store, desk.context.owner, desk.lease.epoch);
    let paused = desk.context.until_saved("a restored database", || {
        let now = desk.context.clock.now();
        store.pause_after_restore(desk.session, owner, epoch, newest, now)
    });
    match paused.await {
        Ok(paused) => {
            if paused {
                tracing::error!(session = %desk.session, epoch, newest, "the database is older than the integration: a backup was restored. All sessions are paused; look at what was sent since, then resume them");
            }
            Stop::Lost
        }
        Err(error) => error.into(),
    }
}

impl SessionDesk<'_> {
    /// How an attempt's one call went, as far as the integration can tell within the time a call can take.
    pub(super) async fn outcome_of(&self, attempt: AttemptId) -> SendReply {
        let began = self.context.clock.now();
        let deadline = tokio::time::Instant::now() + CALL_ENDS_WITHIN;
        while tokio::time::Instant::now() < deadline {
            match self.context.integration.attempt(attempt).await {
                Ok(Some(AttemptState::Answered(reply))) => return reply,
                Ok(Some(AttemptState::NeverCalled { .. })) => {
                    return self.closed(SendAnswer::NeverCalled, began);
                }
                // It forgot: a restart, or more than an hour. Nothing is proven.
                Ok(None) => return self.closed(SendAnswer::Unclear, began),
                Ok(Some(AttemptState::Composing | AttemptState::Ready | AttemptState::Sending))
                | Err(_) => {}
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        self.closed(SendAnswer::Unclear, began)
    }

    fn closed(&self, answer: SendAnswer, began: domain::Timestamp) -> SendReply {
        SendReply {
            answer,
            started_at: began,
            answered_at: self.context.clock.now(),
        }
    }
}
