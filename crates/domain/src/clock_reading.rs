//! What a service reads of the machine's clock, and how far the wall clock was set between two readings.
//!
//! Not here: reading it (crate `chassis`), and what moves along (crate `storage`). The rule that must hold: a step is never
//! guessed. Across a restart of the machine only a clock that is behind its own past proves one.

use chrono::TimeDelta;

use crate::Timestamp;

/// A smaller difference is how two clocks are read one after the other, not a step.
const SMALLEST_STEP: TimeDelta = TimeDelta::seconds(1);

/// Two machines with one database, or a restart: their clocks may differ by this much without a step.
const BETWEEN_BOOTS: TimeDelta = TimeDelta::minutes(1);

/// One reading of the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockReading {
    /// Which run of the machine the steady clock belongs to; `None`: the machine does not tell.
    pub boot: Option<String>,
    /// The wall clock minus the steady clock, in milliseconds.
    pub ahead_ms: i64,
    /// What the wall clock told.
    pub at: Timestamp,
}

impl ClockReading {
    /// A reading of the wall clock, and of a clock that only runs since `boot`.
    pub fn new(boot: Option<&str>, steady: std::time::Duration, at: Timestamp) -> Self {
        let steady = i64::try_from(steady.as_millis()).unwrap_or(i64::MAX);
        Self {
            boot: boot.map(str::to_owned),
            ahead_ms: at.timestamp_millis() - steady,
            at,
        }
    }

    /// How far the wall clock was set between `earlier` and this reading; zero when no step is proven.
    #[must_use]
    pub fn set_since(&self, earlier: &Self) -> TimeDelta {
        let (by, smallest) = if self.is_of_boot_of(earlier) {
            let by = TimeDelta::milliseconds(self.ahead_ms - earlier.ahead_ms);
            (by, SMALLEST_STEP)
        } else {
            // Time does not run back; how much passed while the machine was off is not known.
            let by = (self.at - earlier.at).min(TimeDelta::zero());
            (by, BETWEEN_BOOTS)
        };
        if by.abs() < smallest {
            TimeDelta::zero()
        } else {
            by
        }
    }

    /// Whether both are readings of one run of one machine.
    #[must_use]
    pub fn is_of_boot_of(&self, other: &Self) -> bool {
        self.boot.is_some() && self.boot == other.boot
    }
}
