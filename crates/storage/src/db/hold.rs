//! Virtual time and a real database: while a call is under way, tokio's paused clock must not jump ahead.
//!
//! Tokio does not advance a paused clock while a blocking task runs. So each transaction is accompanied by one that waits
//! for the transaction's end. Compiled for tests only.

use std::sync::mpsc;

/// Keeps paused time from advancing while it lives.
pub(crate) struct Hold {
    _release: mpsc::Sender<()>,
}

impl Hold {
    pub(crate) fn new() -> Self {
        let (release, held) = mpsc::channel::<()>();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            // Ends when the sender is dropped.
            runtime.spawn_blocking(move || held.recv());
        }
        Self { _release: release }
    }
}
