//! Whether the number that an attempt was decided for is the one that is linked: asked before the first visible act and again right
//! before the one call.
//!
//! The rule that must hold: with another number, or one that is not known, nothing is shown and nothing is sent.

use std::time::Duration;

use domain::{outcome::SendAnswer, phone_number::PhoneNumber};
use waha::{Waha, WahaError};

use crate::sessions::linked_number;

/// Before the call it adds to the 60 s of the send, and the worker waits for 70 s. Before the first visible act it must leave
/// some of the composition's slack.
const PATIENCE: Duration = Duration::from_secs(8);

/// Passes when the number is linked; else the outcome of a call that is not made.
pub(super) async fn require(waha: &Waha, number: &PhoneNumber) -> Result<(), SendAnswer> {
    let read = tokio::time::timeout(PATIENCE, waha.session()).await;
    let info = read
        .unwrap_or(Err(WahaError::TimedOut))
        .map_err(|error| unread(&error))?
        .ok_or(SendAnswer::SessionMissing)?;
    match linked_number(&info) {
        Some(linked) if linked == *number => Ok(()),
        Some(_) => Err(SendAnswer::OtherNumber),
        None => Err(SendAnswer::SessionAway),
    }
}

/// A number that cannot be read is a failure of the session, which the circuit breaker counts as a refused send.
const fn unread(error: &WahaError) -> SendAnswer {
    match error {
        WahaError::Refused => SendAnswer::ConnectionRefused,
        WahaError::Unauthorized => SendAnswer::KeyRefused,
        WahaError::Rejected {
            status: 400..=499, ..
        } => SendAnswer::SlowDown,
        _ => SendAnswer::SessionAway,
    }
}
