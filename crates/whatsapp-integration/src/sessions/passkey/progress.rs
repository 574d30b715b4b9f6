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
    /// The challenge that was answered last. Events of earlier challenges may come late.
    answered: Option<String>,
    /// An earlier challenge of the same link was answered.
    asked_again: bool,
    /// The code that was confirmed.
    confirmed: Option<String>,
    /// This process followed the link from before its challenge.
    is_followed: bool,
}

struct SeenChallenge {
    challenge: String,
    /// When the challenge was first seen, which is soon after its making.
    seen: Instant,
    /// Made before this process looked.
    uncertain: bool,
}

/// What is known of the pending challenge.
pub(crate) struct ChallengeAge {
    pub(crate) age: Duration,
    pub(crate) answered: bool,
    pub(crate) asked_again: bool,
    /// An earlier process may have answered it, and its age is not known.
    pub(crate) uncertain: bool,
}

impl PasskeyProgress {
    /// Notes that WAHA has just made this challenge.
    pub(crate) fn begin_challenge(&self, challenge: &str) {
        self.steps().is_followed = true;
        self.see(challenge);
    }

    /// Notes that WAHA shows this challenge.
    pub(crate) fn see(&self, challenge: &str) -> ChallengeAge {
        let mut steps = self.steps();
        let known = steps.challenge.take();
        let seen = known
            .filter(|known| known.challenge == challenge)
            .unwrap_or_else(|| SeenChallenge {
                challenge: challenge.to_owned(),
                seen: Instant::now(),
                uncertain: !std::mem::replace(&mut steps.is_followed, true),
            });
        let is_answered = steps.answered.as_deref() == Some(challenge);
        steps.asked_again |= steps.answered.is_some() && !is_answered;
        let age = ChallengeAge {
            age: seen.seen.elapsed(),
            answered: is_answered,
            asked_again: steps.asked_again,
            uncertain: seen.uncertain,
        };
        steps.challenge = Some(seen);
        age
    }

    /// Whether this challenge may be answered now. It may be only once.
    pub(crate) fn begin_answer(&self, challenge: &str) -> bool {
        let answered = self.steps().answered.replace(challenge.to_owned());
        answered.as_deref() != Some(challenge)
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
            *self.steps() = Steps {
                is_followed: true,
                ..Steps::default()
            };
        }
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
