//! How many bytes of request bodies a listener holds at once, in all and for each peer. Without a limit, a few clients with the largest bodies
//! take the memory that everyone else needs. Small bodies are not counted: they go on while the budget is used up.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of all peers: three of the largest bodies.
const IN_ALL: usize = 48 * 1024 * 1024;
/// Bytes of one peer: two of the largest bodies.
const PER_PEER: usize = 32 * 1024 * 1024;
/// The first bytes of each body are not counted: more than any form but a file.
const UNCOUNTED: usize = 64 * 1024;

/// The body would be held beside too many others.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("too many large bodies at once")]
pub(crate) struct OverBudget;

/// The counters of a listener.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<HashMap<IpAddr, usize>>);

impl Budget {
    /// Holds nothing yet.
    pub(super) fn reservation(self: &Arc<Self>, peer: IpAddr) -> Reservation {
        Reservation {
            budget: self.clone(),
            peer: peer.to_canonical(),
            bytes: Mutex::default(),
        }
    }

    fn add(&self, peer: IpAddr, bytes: usize) -> Result<(), OverBudget> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let in_all: usize = held.values().sum();
        let of_peer = held.get(&peer).copied().unwrap_or_default();
        if in_all + bytes > IN_ALL || of_peer + bytes > PER_PEER {
            return Err(OverBudget);
        }
        held.insert(peer, of_peer + bytes);
        Ok(())
    }

    fn subtract(&self, peer: IpAddr, bytes: usize) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_peer) = held.get_mut(&peer) {
            *of_peer = of_peer.saturating_sub(bytes);
        }
        held.retain(|_, bytes| *bytes > 0);
    }
}

/// What the body of one request holds, until it is dropped: a handler has the bytes until it has answered.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: Arc<Budget>,
    peer: IpAddr,
    bytes: Mutex<usize>,
}

impl Reservation {
    /// Counts `more` bytes that were read.
    pub(super) fn add(&self, more: usize) -> Result<(), OverBudget> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = counted(*bytes + more) - counted(*bytes);
        if counted > 0 {
            self.budget.add(self.peer, counted)?;
        }
        *bytes += more;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let bytes = self.bytes.get_mut().unwrap_or_else(PoisonError::into_inner);
        let counted = counted(*bytes);
        if counted > 0 {
            self.budget.subtract(self.peer, counted);
        }
    }
}

const fn counted(bytes: usize) -> usize {
    bytes.saturating_sub(UNCOUNTED)
}
