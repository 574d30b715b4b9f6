//! Tells the log once that failed sends stopped the session, that it sends again, and that its number is locked. People see it where they
//! see the session.

use domain::{
    Timestamp,
    release::{Lock, Outage},
};

use super::SessionDesk;

/// What the log was told last.
#[derive(Default)]
pub(super) struct OutageWatch {
    /// When the outage that was told stopped the session.
    told: Option<Timestamp>,
    lock: Option<Lock>,
}

impl OutageWatch {
    pub(super) async fn look(&mut self, desk: &SessionDesk<'_>) {
        let row = match desk.context.store.session(desk.session).await {
            Ok(row) => row,
            Err(error) => {
                tracing::warn!(session = %desk.session, error = &error as &dyn std::error::Error, "whether an outage stopped the session could not be read; it is read again at the next look");
                return;
            }
        };
        self.look_at_lock(desk, row.as_ref().and_then(|row| row.lock));
        let outage = row.and_then(|row| row.outage);
        let stopped_at = outage.as_ref().and_then(|outage| outage.stopped_at);
        match (self.told, &outage) {
            (None, Some(outage)) if stopped_at.is_some() => tell(desk, outage),
            (Some(_), _) if stopped_at.is_none() => {
                tracing::info!(session = %desk.session, "the session sends again");
            }
            _ => {}
        }
        self.told = stopped_at;
    }

    fn look_at_lock(&mut self, desk: &SessionDesk<'_>, lock: Option<Lock>) {
        let now = desk.context.clock.now();
        let lock = lock.filter(|lock| !matches!(lock, Lock::Until(at) if *at <= now));
        if let Some(lock) = lock
            && self.lock != Some(lock)
        {
            tracing::warn!(session = %desk.session, ?lock, "the number is locked: nothing is sent until then, or until a person unlocks it");
        }
        self.lock = lock;
    }
}

fn tell(desk: &SessionDesk<'_>, outage: &Outage) {
    tracing::warn!(
        session = %desk.session,
        refusal = %outage.refusal,
        failures = outage.failures,
        lost = outage.lost,
        next_try_at = ?outage.next_try_at,
        "failed sends stopped the session"
    );
}
