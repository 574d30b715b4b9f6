//! Runs several store calls side by side and lets one statement go at a time, in an order that a test draws from a seed.
//! Compiled for tests only.
//!
//! For PostgreSQL: SQLite has one writer. A statement that waits for a row lock does not hold up the other calls: the schedule
//! asks the server which backends wait. The rule that must hold: a statement starts only when no other statement runs, except
//! statements that wait for a lock.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rand::{Rng, RngExt as _};
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::sync::Notify;

use super::tx::Inner;
use crate::{Error, testing};

tokio::task_local! {
    static PARTICIPANT: Participant;
}

/// After this time a statement that has not ended is looked at: it may wait for a lock.
const PATIENCE: Duration = Duration::from_millis(3);

/// What one call does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    /// It runs a statement, or its own code between two statements.
    Running,
    /// It waits for its turn.
    Waiting,
    /// It has returned.
    Done,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    activity: Activity,
    /// The server's process of the open transaction; `None`: no transaction is open.
    backend: Option<i32>,
}

/// Several calls that take turns.
#[derive(Clone)]
pub struct Turns {
    calls: Arc<Mutex<Vec<Call>>>,
    changed: Arc<Notify>,
    /// One for each call: it may run its next statement.
    signals: Arc<Vec<Notify>>,
}

/// How the turns of one run were taken.
#[derive(Debug, Clone, Default)]
pub struct TurnsTaken {
    /// Which call took each turn.
    pub order: Vec<usize>,
    /// How many turns one of the first two calls took while the other of them had a transaction open.
    pub pair_overlaps: usize,
    /// How often a statement was found waiting for a lock.
    pub lock_waits: usize,
}

/// One call, as its own task sees it.
#[derive(Clone)]
struct Participant {
    turns: Turns,
    index: usize,
}

/// An open transaction of a scheduled call.
pub(super) struct OpenTransaction(Participant);

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        self.0.turns.calls()[self.0.index].backend = None;
    }
}

/// Waits until the calling task may run its next statement. Returns at once when the task is not scheduled.
pub(super) async fn next() {
    let Ok(participant) = PARTICIPANT.try_with(Clone::clone) else {
        return;
    };
    let Participant { turns, index } = participant;
    turns.set(index, Activity::Waiting);
    turns.signals[index].notified().await;
}

/// Notes that the calling task has opened a transaction.
pub(super) async fn opened(mut tx: Inner) -> Result<(Inner, Option<OpenTransaction>), Error> {
    let Ok(participant) = PARTICIPANT.try_with(Clone::clone) else {
        return Ok((tx, None));
    };
    if let Inner::Postgres(tx) = &mut tx {
        let backend = sqlx::query("SELECT pg_backend_pid() AS pid")
            .fetch_one(&mut **tx)
            .await?;
        participant.turns.calls()[participant.index].backend = Some(backend.try_get("pid")?);
    }
    Ok((tx, Some(OpenTransaction(participant))))
}

impl Turns {
    /// So many calls.
    pub fn of(calls: usize) -> Self {
        let call = Call {
            activity: Activity::Running,
            backend: None,
        };
        Self {
            calls: Arc::new(Mutex::new(vec![call; calls])),
            changed: Arc::default(),
            signals: Arc::new((0..calls).map(|_| Notify::new()).collect()),
        }
    }

    /// Makes `call` the participant with this index, from 0.
    pub async fn call<T>(&self, index: usize, call: impl Future<Output = T>) -> T {
        let participant = Participant {
            turns: self.clone(),
            index,
        };
        let returned = PARTICIPANT.scope(participant, call).await;
        self.set(index, Activity::Done);
        returned
    }

    /// Gives the turns, in an order drawn from `rng`, until every call has returned. To be awaited beside the calls.
    ///
    /// # Panics
    ///
    /// When the server does not tell which backends wait.
    pub async fn give(&self, server: &mut LockMonitor, rng: &mut (impl Rng + Send)) -> TurnsTaken {
        let mut taken = TurnsTaken::default();
        loop {
            self.settle(server, &mut taken).await;
            let calls = self.calls().clone();
            let waiting = indices(&calls, Activity::Waiting);
            if waiting.is_empty() {
                if calls.iter().all(|call| call.activity == Activity::Done) {
                    return taken;
                }
                // All of them wait for locks: the server ends one after its deadlock timeout.
                tokio::time::sleep(PATIENCE).await;
                continue;
            }
            let next = waiting[rng.random_range(0..waiting.len())];
            let other_open = next < 2 && calls[1 - next].backend.is_some();
            taken.pair_overlaps += usize::from(other_open);
            taken.order.push(next);
            self.calls()[next].activity = Activity::Running;
            self.signals[next].notify_one();
        }
    }

    /// Returns when each call waits for its turn, waits for a lock, or has returned.
    async fn settle(&self, server: &mut LockMonitor, taken: &mut TurnsTaken) {
        let mut blocked = Vec::new();
        loop {
            let calls = self.calls().clone();
            let running = indices(&calls, Activity::Running);
            if running.iter().all(|index| blocked.contains(index)) {
                let still = server.blocked(&calls, &running).await;
                if still.len() == running.len() {
                    return;
                }
                blocked = still;
            }
            if tokio::time::timeout(PATIENCE, self.changed.notified())
                .await
                .is_err()
            {
                blocked = server.blocked(&calls, &running).await;
                taken.lock_waits += blocked.len();
            }
        }
    }

    fn set(&self, index: usize, activity: Activity) {
        self.calls()[index].activity = activity;
        self.changed.notify_one();
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn indices(calls: &[Call], activity: Activity) -> Vec<usize> {
    let has = |(index, call): (usize, &Call)| (call.activity == activity).then_some(index);
    calls.iter().enumerate().filter_map(has).collect()
}

/// A connection of its own that asks which backends wait for a lock.
pub struct LockMonitor(PgConnection);

impl LockMonitor {
    /// Connects to the database of a test.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub async fn connect(url: &str) -> Self {
        Self(testing::connect(url).await)
    }

    /// Closes the connection.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub async fn close(self) {
        self.0.close().await.expect("a closed connection");
    }

    /// Which of these calls wait for a lock.
    async fn blocked(&mut self, calls: &[Call], running: &[usize]) -> Vec<usize> {
        let mut blocked = Vec::new();
        for index in running {
            let Some(backend) = calls[*index].backend else {
                continue;
            };
            let waits = sqlx::query("SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits")
                .bind(backend)
                .fetch_one(&mut self.0)
                .await
                .and_then(|row| row.try_get("waits"));
            if waits.expect("the server tells which backends wait") {
                blocked.push(*index);
            }
        }
        blocked
    }
}
