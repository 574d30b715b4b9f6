//! Places on the wire between worker and integration where a test holds one request or answer, as the simulator's
//! gates do inside WAHA. A gate holds exactly one arrival; a dropped gate holds nobody.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Where something can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A request to read a chat, on its way.
    ReadChat,
    /// The line of a composition that says it is ready: the worker has not committed.
    ReadyLine,
    /// The request for the one call: the worker has committed, the integration has not been asked.
    SendRequest,
    /// The answer of the one call: WAHA has answered, the worker has not saved it.
    SendAnswer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Open,
    Reached,
    Released,
}

struct Barrier {
    place: Place,
    phase: watch::Sender<Phase>,
}

/// The gates that wait for somebody to arrive. Clones are the same list.
#[derive(Clone, Default)]
pub(crate) struct WireGates(Arc<Mutex<Vec<Arc<Barrier>>>>);

impl WireGates {
    /// The next arrival at `place` stops there.
    pub(crate) fn place(&self, place: Place) -> WireGate {
        let barrier = Arc::new(Barrier {
            place,
            phase: watch::Sender::new(Phase::Open),
        });
        self.lock().push(Arc::clone(&barrier));
        WireGate(barrier)
    }

    /// Waits at `place` if a gate stands there.
    pub(super) async fn pass(&self, place: Place) {
        let Some(barrier) = self.take(place) else {
            return;
        };
        barrier
            .phase
            .send_modify(|phase| *phase = (*phase).max(Phase::Reached));
        let mut released = barrier.phase.subscribe();
        let _ = released.wait_for(|phase| *phase == Phase::Released).await;
    }

    fn take(&self, place: Place) -> Option<Arc<Barrier>> {
        let mut gates = self.lock();
        let index = gates.iter().position(|barrier| barrier.place == place)?;
        Some(gates.remove(index))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Barrier>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One gate, in the hands of the test.
pub(crate) struct WireGate(Arc<Barrier>);

impl WireGate {
    /// Waits until somebody has stopped at this gate.
    pub(crate) async fn reached(&self) {
        let mut phase = self.0.phase.subscribe();
        let _ = phase.wait_for(|phase| *phase >= Phase::Reached).await;
    }

    /// Lets them go on; nobody is held here any more.
    pub(crate) fn release(&self) {
        self.0.phase.send_replace(Phase::Released);
    }
}

impl Drop for WireGate {
    fn drop(&mut self) {
        self.release();
    }
}
