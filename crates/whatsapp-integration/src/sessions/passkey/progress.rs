//! How far linking with a passkey is, so that no step reaches WAHA twice. Held in memory only.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use waha::SessionStatus;

/// The steps of one session.
#[derive(Default)]
pub(crate) struct PasskeyProgress(Mutex<Steps>);

#[derive(Default)]
struct Steps {
    challenge: Option<SeenChallenge>,
    /// An earlier challenge of the same link was answered.
    asked_again: bool,
    /// The code that was confirmed.
    confirmed: Option<String>,
}

struct SeenChallenge {
    challenge: String,
    /// When the challenge was first seen, which is soon after its making.
    seen: Instant,
    answered: bool,
}

/// What is known of the pending challenge.
pub(crate) struct ChallengeAge {
    pub(crate) age: Duration,
    pub(crate) answered: bool,
    pub(crate) asked_again: bool,
}

impl PasskeyProgress {
    /// Notes that WAHA shows this challenge.
    pub(crate) fn see(&self, challenge: &str) -> ChallengeAge {
        let mut steps = self.steps();
        let known = steps.challenge.take();
        let seen = match known {
            Some(known) if known.challenge == challenge => known,
            earlier => {
                steps.asked_again |= earlier.is_some_and(|earlier| earlier.answered);
                SeenChallenge {
                    challenge: challenge.to_owned(),
                    seen: Instant::now(),
                    answered: false,
                }
            }
        };
        let age = ChallengeAge {
            age: seen.seen.elapsed(),
            answered: seen.answered,
            asked_again: steps.asked_again,
        };
        steps.challenge = Some(seen);
        age
    }

    /// Whether this challenge may be answered now. It may be only once.
    pub(crate) fn begin_answer(&self, challenge: &str) -> bool {
        match &mut self.steps().challenge {
            Some(seen) if seen.challenge == challenge => {
                !std::mem::replace(&mut seen.answered, true)
            }
            _ => false,
        }
    }

    /// Whether this code may be confirmed now. It may be only once.
    pub(crate) fn begin_confirm(&self, code: &str) -> bool {
        let confirmed = self.steps().confirmed.replace(code.to_owned());
        confirmed.as_deref() != Some(code)
    }

    /// Whether this code was confirmed.
    pub(crate) fn is_confirmed(&self, code: &str) -> bool {
        self.steps().confirmed.as_deref() == Some(code)
    }

    /// Forgets the steps once the link they belonged to is over.
    pub(crate) fn follow(&self, status: &SessionStatus) {
        use SessionStatus as S;
        if matches!(status, S::ScanQrCode | S::Working | S::Failed | S::Stopped) {
            *self.steps() = Steps::default();
        }
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
