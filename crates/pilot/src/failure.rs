//! Why a step did not succeed. No variant holds anything that a guest or a phone wrote.

use chassis::outbound::CallError;
use http::StatusCode;

/// Why a step ended without success.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The API could not be asked. What the network said may name a host, and is left out.
    #[error("{}", no_answer(.0))]
    Call(#[from] CallError),
    /// The API refused, with the code of its problem.
    #[error("{operation} was refused with {status}, code `{code}`")]
    Refused {
        /// What was asked for.
        operation: &'static str,
        /// The HTTP status.
        status: StatusCode,
        /// The problem's code.
        code: String,
    },
    /// An answer lacks something that the API's description promises.
    #[error("the answer to {operation} has no `{field}`")]
    Incomplete {
        /// What was asked for.
        operation: &'static str,
        /// What is missing.
        field: &'static str,
    },
    /// What should have happened was not seen in time.
    #[error("not seen within {minutes} minutes: {what}")]
    TimedOut {
        /// What was waited for.
        what: &'static str,
        /// How long.
        minutes: u64,
    },
    /// The message ended otherwise.
    #[error("the message ended as {0}")]
    Ended(&'static str),
    /// The person saw something else.
    #[error("the person answered no: {0}")]
    Denied(&'static str),
    /// Guests of the run may still be on the list.
    #[error(
        "erase what is left on the guest list as “Pilot phone of …”, or run the pilot again; {0}"
    )]
    Left(Box<Self>),
    /// The person broke the run off.
    #[error("broken off")]
    BrokenOff,
    /// What was found does not allow the step.
    #[error("{0}")]
    Unfit(&'static str),
}

const fn no_answer(error: &CallError) -> &'static str {
    match error {
        CallError::Refused { .. } => "the API could not be reached",
        CallError::TimedOut => "the API did not answer in time",
        CallError::Broken { .. } => "the connection to the API broke",
    }
}
