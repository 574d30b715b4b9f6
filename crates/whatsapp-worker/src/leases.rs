//! The leases this worker holds, renewed by a task of their own so that no slow message ever loses one.
//! The rule that must hold: who lost a lease stops at once; what they still try is refused by the epoch.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chassis::Clock;
use domain::{Timestamp, ids::WorkerId, session::SessionName};
use storage::Store;
use tokio_util::sync::CancellationToken;

/// One held lease.
#[derive(Debug, Clone)]
pub(crate) struct Lease {
    /// The epoch of this holding.
    pub(crate) epoch: i64,
    /// Cancelled when somebody else took over.
    pub(crate) lost: CancellationToken,
}

/// What came of asking for a session.
pub(crate) enum Taking {
    /// It is ours.
    Taken(Lease),
    /// Another worker holds it, until then.
    HeldUntil(Timestamp),
    /// It has no row yet.
    NoSession,
}

/// All leases of this worker.
#[derive(Clone)]
pub(crate) struct Leases {
    store: Store,
    clock: Clock,
    owner: WorkerId,
    /// How long a lease lives without renewal.
    ttl: Duration,
    held: Arc<Mutex<HashMap<SessionName, Lease>>>,
}

impl Leases {
    pub(crate) fn new(store: Store, clock: Clock, owner: WorkerId, ttl: Duration) -> Self {
        Self {
            store,
            clock,
            owner,
            ttl,
            held: Arc::default(),
        }
    }

    /// Tries to take the session.
    pub(crate) async fn take(&self, session: &SessionName) -> Result<Taking, storage::Error> {
        let now = self.clock.now();
        Ok(
            match self
                .store
                .take_lease(session, self.owner, self.ttl, now)
                .await?
            {
                storage::Lease::Taken { epoch } => {
                    let lease = Lease {
                        epoch,
                        lost: CancellationToken::new(),
                    };
                    self.lock().insert(session.clone(), lease.clone());
                    Taking::Taken(lease)
                }
                storage::Lease::Held { until, .. } => Taking::HeldUntil(until),
                storage::Lease::NoSession => Taking::NoSession,
            },
        )
    }

    /// Gives a session back, so that another worker need not wait for the lease's end.
    pub(crate) async fn give_back(&self, session: &SessionName, lease: &Lease) {
        self.forget(session);
        if let Err(error) = self
            .store
            .release_lease(session, self.owner, lease.epoch)
            .await
        {
            tracing::warn!(%session, error = &error as &dyn std::error::Error, "a lease was not given back; it ends by itself");
        }
    }

    pub(crate) fn forget(&self, session: &SessionName) {
        self.lock().remove(session);
    }

    /// Renews all leases every `every`; ends never.
    pub(crate) async fn keep(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.renew().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "leases were not renewed"
                );
            }
        }
    }

    /// Waits until no session is held any more: what is still under way keeps its lease to the end.
    pub(crate) async fn none_held(&self) {
        while !self.lock().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn renew(&self) -> Result<(), storage::Error> {
        let held: Vec<(SessionName, i64)> = self
            .lock()
            .iter()
            .map(|(session, lease)| (session.clone(), lease.epoch))
            .collect();
        if held.is_empty() {
            return Ok(());
        }
        let kept = self
            .store
            .renew_leases(self.owner, &held, self.ttl, self.clock.now())
            .await?;
        for (session, epoch) in held.iter().filter(|(session, _)| !kept.contains(session)) {
            self.report_lost(session, *epoch);
        }
        Ok(())
    }

    fn report_lost(&self, session: &SessionName, epoch: i64) {
        let mut held = self.lock();
        if held.get(session).is_some_and(|lease| lease.epoch == epoch)
            && let Some(lease) = held.remove(session)
        {
            tracing::warn!(%session, epoch, "another worker took the session over");
            lease.lost.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SessionName, Lease>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
