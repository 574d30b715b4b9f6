//! How a service stops. The first signal: accept nothing new, finish what is in hand. A second
//! one or a deadline: cut. A task that dies stops the whole process with a failure code, so that
//! the supervisor sees it; nothing limps on.

use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info, info_span, warn};

/// What a shell reports for a process that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

/// The wish to stop, shared by everything that runs. Once wished, it is never taken back.
#[derive(Clone, Debug)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// Stops on SIGTERM or SIGINT. A second signal ends the process at once with code 130.
    ///
    /// Must be called inside a tokio runtime; fails when the handlers cannot be installed.
    pub fn on_signals() -> io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = Self::manual();
        let wished = shutdown.clone();
        tokio::spawn(async move {
            next_signal(&mut terminate, &mut interrupt).await;
            info!("stopping: what is in hand is finished, nothing new is taken");
            wished.trigger();
            next_signal(&mut terminate, &mut interrupt).await;
            warn!("second signal: stopping at once");
            std::process::exit(EXIT_INTERRUPTED);
        });
        Ok(shutdown)
    }

    /// Stops when [`Shutdown::trigger`] is called: for tests.
    pub fn manual() -> Self {
        Self(CancellationToken::new())
    }

    /// Asks everything to stop.
    pub fn trigger(&self) {
        self.0.cancel();
    }

    /// The token itself, for code that wants children of it or an owned future.
    pub fn token(&self) -> CancellationToken {
        self.0.clone()
    }

    /// Waits until somebody asked to stop.
    pub async fn cancelled(&self) {
        self.0.cancelled().await;
    }

    /// Whether somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

async fn next_signal(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// The long-lived tasks of a service. Clones add to the same set.
#[derive(Clone, Debug)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: Shutdown,
    ledger: Arc<Mutex<Ledger>>,
}

#[derive(Debug, Default)]
struct Ledger {
    started: u64,
    running: BTreeMap<u64, String>,
    first_failure: Option<anyhow::Error>,
}

impl Tasks {
    /// No tasks yet. A failing one will trigger `shutdown`.
    pub fn new(shutdown: Shutdown) -> Self {
        Self {
            tracker: TaskTracker::new(),
            shutdown,
            ledger: Arc::default(),
        }
    }

    /// Runs `task` under `name`. When it ends with an error or panics, everything stops; ending
    /// well is always allowed.
    pub fn spawn(
        &self,
        name: impl Into<String>,
        task: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let name = name.into();
        let span = info_span!("task", task.name = name);
        let number = self.ledger().enter(name.clone());
        let tasks = self.clone();
        let watched = async move {
            // nothing of a task that panicked is looked at again, only that it is gone
            let outcome = AssertUnwindSafe(task).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("it panicked")));
            tasks.ended(number, &name, outcome);
        };
        self.tracker.spawn(watched.instrument(span));
    }

    /// Waits until stopping is wished for (or nothing runs any more), then at most `deadline`
    /// for the tasks to end.
    ///
    /// Fails with the first failure of a task, or with the names of those still running.
    pub async fn finish(&self, deadline: Duration) -> anyhow::Result<()> {
        self.tracker.close();
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            () = self.tracker.wait() => {}
        }
        let ended = tokio::time::timeout(deadline, self.tracker.wait())
            .await
            .is_ok();
        let mut ledger = self.ledger();
        if let Some(failure) = ledger.first_failure.take() {
            return Err(failure);
        }
        if !ended {
            let names: Vec<_> = ledger.running.values().map(String::as_str).collect();
            bail!("still running after {deadline:?}: {}", names.join(", "));
        }
        Ok(())
    }

    fn ended(&self, number: u64, name: &str, outcome: anyhow::Result<()>) {
        let mut ledger = self.ledger();
        ledger.running.remove(&number);
        let Err(failure) = outcome.with_context(|| format!("the task `{name}` died")) else {
            return;
        };
        error!(
            error = format!("{failure:#}"),
            "a task died, so the service stops"
        );
        ledger.first_failure.get_or_insert(failure);
        self.shutdown.trigger();
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    fn enter(&mut self, name: String) -> u64 {
        self.started += 1;
        self.running.insert(self.started, name);
        self.started
    }
}
