//! The only source of chance. Whoever needs a random number is handed [`Dice`], so that a test
//! can seed them and see the same draws again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::SeedableRng;
use rand::rngs::StdRng;

/// A shared, cryptographically strong generator. Clones draw from the same sequence.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<StdRng>>);

impl Dice {
    /// Dice seeded by the operating system.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give, which no service can work without.
    pub fn from_os() -> Self {
        Self::with(rand::make_rng())
    }

    /// Dice that fall the same way for the same `seed`: for tests and simulations.
    pub fn seeded(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    /// Draws with `f`. Keep `f` short: others wait for the same dice.
    pub fn roll<T>(&self, f: impl FnOnce(&mut StdRng) -> T) -> T {
        // a draw that panicked leaves a generator that is still a generator
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with(rng: StdRng) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }
}

impl fmt::Debug for Dice {
    /// Without the state: who reads it knows every later token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dice")
    }
}
