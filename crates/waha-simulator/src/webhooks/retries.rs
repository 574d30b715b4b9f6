//! When a failed delivery is tried again (WAHA §7.3, and the measured gaps of 2026.4.1).

use std::time::Duration;

use rand::{Rng, RngExt as _};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Retries {
    policy: Policy,
    /// Seconds; negative counts as none.
    delay: f64,
    /// After the first try.
    pub(super) attempts: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Constant,
    Linear,
    Exponential,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            policy: Policy::Constant,
            delay: 2.0,
            attempts: 15,
        }
    }
}

impl Retries {
    pub(super) fn of(config: &Value) -> Self {
        let default = Self::default();
        let attempts = config.get("attempts").and_then(Value::as_u64);
        Self {
            policy: match config.get("policy").and_then(Value::as_str) {
                Some("linear") => Policy::Linear,
                Some("exponential") => Policy::Exponential,
                _ => Policy::Constant,
            },
            delay: config
                .get("delaySeconds")
                .and_then(Value::as_f64)
                .unwrap_or(default.delay),
            attempts: attempts.map_or(default.attempts, |n| u32::try_from(n).unwrap_or(u32::MAX)),
        }
    }

    /// The wait before retry `n` (1 is the first), at least what the receiver asked for.
    pub(super) fn wait(self, n: u32, asked: Option<Duration>, rng: &mut impl Rng) -> Duration {
        let factor = match self.policy {
            Policy::Constant => 1.0,
            Policy::Linear => f64::from(n),
            Policy::Exponential => {
                2_f64.powi(i32::try_from(n).unwrap_or(30).min(30)) * rng.random_range(1.0..1.2)
            }
        };
        let own = Duration::from_secs_f64((self.delay * factor).max(0.0));
        own.max(asked.unwrap_or_default())
    }
}
