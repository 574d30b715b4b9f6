//! What every part of the worker uses: the store, the integration, time, chance and the rules in force.

use std::{sync::Arc, time::Duration};

use chassis::{Clock, Dice};
use domain::{
    config::{PaceProfile, Pacing},
    ids::WorkerId,
    release::{ReleaseRules, Rulebook},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use storage::Store;

use crate::integration::Integration;

/// Shared by all sessions; cheap to clone.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) integration: Integration,
    pub(crate) clock: Clock,
    pub(crate) chance: Dice,
    pub(crate) owner: WorkerId,
    pub(crate) pace: PaceProfile,
    pub(crate) book: Arc<Rulebook>,
    /// The longest without a look at the queue.
    pub(crate) interval: Duration,
    pub(crate) timings: Timings,
}

/// Times that production never changes (design §5); tests over simulated weeks make the lease longer.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// A lease lives so long without renewal.
    pub lease: Duration,
    /// Leases are renewed this often.
    pub renew: Duration,
    /// All chats are read again this often.
    pub recover: Duration,
    /// After the signal to stop, so long a running send may take.
    pub grace: Duration,
    /// Rows that nothing else would wake are looked for this often; `None`: never, so that tests see what the sweep would hide.
    pub sweep: Option<Duration>,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            renew: Duration::from_secs(10),
            recover: Duration::from_mins(5),
            grace: Duration::from_secs(20),
            sweep: Some(Duration::from_mins(30)),
        }
    }
}

/// The limits and the pace as configured at this moment.
pub(crate) struct Rules {
    pub(crate) release: ReleaseRules,
    pub(crate) pacing: Pacing,
    /// The version of the configuration that they are from.
    pub(crate) version: i64,
}

impl Context {
    /// Dice for one step: a generator of its own, because a step waits for the database in the middle of its throws.
    pub(crate) fn dice(&self) -> StdRng {
        self.chance
            .roll(|dice| StdRng::seed_from_u64(dice.random()))
    }

    /// Reads the configuration: a change takes effect with the next decision.
    pub(crate) async fn rules(&self) -> Result<Rules, storage::Error> {
        let (config, version) = self.store.config().await?;
        Ok(Rules {
            version,
            release: self.pace.rules(&config),
            pacing: self.pace.pacing(&config),
        })
    }

    /// Runs a step of the store until it is saved: what happened outside must not be forgotten because the
    /// database is away for a while, or another transaction is in the way. Logs the first failure and the recovery, not each try.
    pub(crate) async fn until_saved<T, F>(
        &self,
        what: &'static str,
        mut step: impl FnMut() -> F,
    ) -> Result<T, storage::Error>
    where
        F: Future<Output = Result<T, storage::Error>>,
    {
        let mut pause = Duration::from_millis(200);
        let mut failed = false;
        loop {
            match step().await {
                Ok(value) => {
                    if failed {
                        tracing::info!(what, "saved after all");
                    }
                    return Ok(value);
                }
                Err(error) if error.is_unavailable() => {
                    if !failed {
                        tracing::error!(
                            what,
                            error = &error as &dyn std::error::Error,
                            "could not be saved; trying on"
                        );
                    }
                    failed = true;
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
                Err(error) => return Err(error),
            }
        }
    }
}
