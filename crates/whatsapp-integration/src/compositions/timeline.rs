//! How long each step of a composition really took, for its one log line.

use std::time::Duration;

use domain::wire::Phase;
use tokio::time::Instant;

/// The steps so far.
pub(super) struct Timeline {
    begun: Instant,
    current: Option<(Phase, Instant)>,
    spent: Vec<(Phase, Duration)>,
}

impl Timeline {
    pub(super) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            current: None,
            spent: Vec::with_capacity(Phase::ALL.len()),
        }
    }

    /// A step begins, which ends the one before.
    pub(super) fn enter(&mut self, phase: Phase) {
        self.close();
        self.current = Some((phase, Instant::now()));
    }

    /// The steps are over.
    pub(super) fn close(&mut self) {
        if let Some((phase, since)) = self.current.take() {
            self.spent.push((phase, since.elapsed()));
        }
    }

    /// Milliseconds since the beginning.
    pub(super) fn total_ms(&self) -> u128 {
        self.begun.elapsed().as_millis()
    }

    /// Such as `reading 2000 ms, typing 700 ms`.
    pub(super) fn phases(&self) -> String {
        let shown =
            |(phase, length): &(Phase, Duration)| format!("{phase} {} ms", length.as_millis());
        let shown: Vec<_> = self.spent.iter().map(shown).collect();
        shown.join(", ")
    }
}
