//! Why an attempt may not do what was asked, and the problem that says so. The one place that maps them.

use chassis::Problem;
use domain::ids::AttemptId;
use domain::wire::AttemptState;
use serde_json::Value;

/// A call that does not fit the state of its attempt or session.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The session was taken over by a newer epoch: this one.
    StaleEpoch(i64),
    /// Another attempt of the session is open.
    CompositionOpen(AttemptId),
    /// The attempt was composed, or cancelled, before.
    Known(AttemptState),
    /// The attempt is not ready for its send, or never was, or is not known.
    NotReady(Option<AttemptState>),
    /// The attempt's call was made: nothing is left to cancel.
    Called(AttemptState),
    /// The service stops.
    Stopping,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::StaleEpoch(newest) => Self::conflict(
                "stale_epoch",
                "A newer holder has taken this session over; stop working on it.",
            )
            .with("newest_epoch", newest),
            Refusal::CompositionOpen(attempt) => Self::conflict(
                "composition_open",
                "Another composition of this session is open; wait for its end or cancel it.",
            )
            .with("attempt", attempt.to_string()),
            Refusal::Known(state) => Self::conflict(
                "attempt_known",
                "This attempt was begun before; begin a new one under a new id.",
            )
            .with("attempt_state", json(&state)),
            Refusal::NotReady(state) => Self::conflict(
                "not_ready",
                "This attempt is not ready for its send, and nothing was sent by this request.",
            )
            .with("attempt_state", state.map_or(Value::Null, |s| json(&s))),
            Refusal::Called(state) => Self::conflict(
                "already_called",
                "The call of this attempt was made; it cannot be taken back.",
            )
            .with("attempt_state", json(&state)),
            Refusal::Stopping => {
                Self::unavailable("stopping", "This service is stopping; try again.")
            }
        }
    }
}

fn json(state: &AttemptState) -> Value {
    serde_json::to_value(state).unwrap_or_default()
}
