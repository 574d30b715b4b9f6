//! The loop that releases messages: claim, deliver, wait for the next due time, a nudge or the interval.

use std::time::Duration;

use domain::Timestamp;
use storage::{Claim, Work};

use super::{SessionDesk, Stop, takeover};

/// After a database error that stopped a look at the queue.
const AFTER_ERROR: Duration = Duration::from_secs(2);

/// Runs until the shutdown (`Ok(true)`: nothing is open) or the loss of the lease.
pub(super) async fn release_messages(desk: &SessionDesk<'_>) -> Result<bool, Stop> {
    let mut version = None;
    while !desk.shutdown.is_cancelled() {
        match claim(desk, &mut version).await {
            Ok(Claim::Taken(work)) => desk.deliver(&work).await?,
            Ok(Claim::Idle { next, .. }) => wait(desk, next).await,
            Ok(Claim::Open) => end_unknown(desk).await?,
            Ok(Claim::StaleEpoch) | Err(Stop::Lost) => return Err(Stop::Lost),
            Err(Stop::Store(error)) => {
                tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "the queue could not be looked at");
                wait(desk, Some(desk.context.clock.now() + AFTER_ERROR)).await;
            }
        }
    }
    Ok(true)
}

/// Ends the attempts that are open. Between two messages this worker holds none: the COMMIT of a claim, or of a point of no return, was
/// unclear and was carried out after all (design §5, durability).
async fn end_unknown(desk: &SessionDesk<'_>) -> Result<(), Stop> {
    let store = &desk.context.store;
    let open = || store.open_attempts(desk.session);
    for attempt in desk.context.until_saved("open attempts", open).await? {
        tracing::warn!(session = %desk.session, attempt = %attempt.attempt, status = %attempt.status, "an attempt is open that this worker does not hold");
        takeover::end(desk, &attempt).await?;
    }
    Ok(())
}

/// Claims by the settings as they are now. `version`: of the settings by which the last claim decided; what older settings made wait is
/// looked at again. The worker before may have decided by older ones too.
async fn claim(desk: &SessionDesk<'_>, version: &mut Option<i64>) -> Result<Claim, Stop> {
    desk.follow_clock().await?;
    let rules = desk.context.rules().await?;
    if *version != Some(rules.version) {
        desk.context.store.look_again(desk.session).await?;
    }
    *version = Some(rules.version);
    let now = desk.context.clock.now();
    let claim = desk
        .context
        .store
        .claim(desk.claimer(&rules), now, &mut desk.context.dice())
        .await?;
    if let Claim::Taken(work) = &claim {
        log_claim(desk, work);
    }
    Ok(claim)
}

fn log_claim(desk: &SessionDesk<'_>, work: &Work) {
    tracing::info!(
        session = %desk.session,
        message = %work.message,
        attempt = %work.attempt,
        lane = %work.lane,
        plan_ms = u64::try_from(work.plan.total().as_millis()).unwrap_or(u64::MAX),
        "claimed a message"
    );
}

/// Until `next`, a nudge, the interval or the shutdown, whatever comes first.
async fn wait(desk: &SessionDesk<'_>, next: Option<Timestamp>) {
    let latest = desk.context.clock.now() + desk.context.interval;
    let until = next.map_or(latest, |next| next.min(latest));
    tokio::select! {
        () = desk.context.clock.sleep_until(until) => {}
        () = desk.bells.work.notified() => {}
        () = desk.shutdown.cancelled() => {}
    }
}
