//! Gates: places where a test stops the simulator inside a step, looks around, and lets it go on.
//! A gate holds exactly one arrival; a dropped gate holds nobody.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// A step of a call at which the simulator can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A session is read.
    SessionRead,
    /// Messages of a chat are read.
    MessagesRead,
    /// The account is asked to go online.
    Online,
    /// The account is asked to go offline.
    Offline,
    /// Messages are marked as seen.
    Seen,
    /// Typing is shown.
    Typing,
    /// Typing is taken away.
    TypingStopped,
    /// A send was read and checked; WhatsApp does not have it yet.
    SendBeforeAccept,
    /// WhatsApp has the message and its event was posted; the answer is still to come.
    SendAfterAccept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Open,
    Reached,
    Released,
}

#[derive(Debug)]
struct Barrier {
    step: Step,
    phase: watch::Sender<Phase>,
}

/// The gates that wait for somebody to arrive.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<Vec<Arc<Barrier>>>);

impl Gates {
    pub(crate) fn place(&self, step: Step) -> Gate {
        let barrier = Arc::new(Barrier {
            step,
            phase: watch::Sender::new(Phase::Open),
        });
        self.lock().push(Arc::clone(&barrier));
        Gate(barrier)
    }

    /// Waits inside `step` if a gate stands there; otherwise returns at once.
    pub(crate) async fn pass(&self, step: Step) {
        let Some(barrier) = self.take(step) else {
            return;
        };
        barrier.phase.send_if_modified(|phase| {
            let first = *phase == Phase::Open;
            if first {
                *phase = Phase::Reached;
            }
            first
        });
        let mut released = barrier.phase.subscribe();
        let _ = released.wait_for(|phase| *phase == Phase::Released).await;
    }

    fn take(&self, step: Step) -> Option<Arc<Barrier>> {
        let mut gates = self.lock();
        let index = gates.iter().position(|barrier| barrier.step == step)?;
        Some(gates.remove(index))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Barrier>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One gate, in the hands of the test.
#[derive(Debug)]
pub struct Gate(Arc<Barrier>);

impl Gate {
    /// Waits until the simulator has stopped at this gate.
    pub async fn reached(&self) {
        let mut phase = self.0.phase.subscribe();
        let _ = phase.wait_for(|phase| *phase >= Phase::Reached).await;
    }

    /// Whether the simulator has come to this gate.
    pub fn was_reached(&self) -> bool {
        *self.0.phase.borrow() >= Phase::Reached
    }

    /// Lets the simulator go on; nobody is held here any more.
    pub fn release(&self) {
        self.0.phase.send_replace(Phase::Released);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.release();
    }
}
