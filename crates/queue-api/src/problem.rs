//! Every failure of this service as an answer: one exhaustive map. The caller gets a status, a stable code and a
//! sentence; the operator gets the whole chain of causes, once, here.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::StatusCode;
use storage::Error as StoreError;
use tracing::{error, warn};

use crate::integration::CallFailed;

/// What a handler that does not answer fails with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The caller can do something about it.
    Problem(Problem),
    /// The database failed us.
    Store(StoreError),
    /// whatsapp-integration failed us, or refused.
    Integration(CallFailed),
}

/// What handlers answer.
pub(crate) type Answer<T> = Result<T, Failure>;

/// When a database that is away is worth asking again.
const RETRY: Duration = Duration::from_secs(5);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CallFailed> for Failure {
    fn from(failed: CallFailed) -> Self {
        Self::Integration(failed)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Problem(problem) => problem,
            Failure::Store(error) => of_store(error),
            Failure::Integration(failed) => of_integration(failed),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

fn of_store(error: StoreError) -> Problem {
    let problem = match &error {
        StoreError::Unavailable(_) => Problem::unavailable(
            "database_unavailable",
            "The database cannot be reached and nothing was changed; try again in a few seconds.",
        )
        .retry_after(RETRY),
        StoreError::Full(_) => Problem::unavailable(
            "disk_full",
            "The database's disk is full and nothing was changed; make room on the server, then try again.",
        )
        .retry_after(RETRY),
        StoreError::Overtaken(_) => Problem::unavailable(
            "database_busy",
            "Another request changed the same data at the same time and nothing was changed; try again.",
        )
        .retry_after(RETRY),
        StoreError::UnclearCommit(_) => Problem::unavailable(
            "database_unavailable",
            "The database went away at the last moment, so this may or may not have been stored; \
             look, or repeat it with the same Idempotency-Key.",
        )
        .retry_after(RETRY),
        StoreError::UnknownScheme
        | StoreError::BadUrl
        | StoreError::PendingMigrations
        | StoreError::Migration(_)
        | StoreError::Statement(_)
        | StoreError::Column { .. }
        | StoreError::Corrupt { .. }
        | StoreError::UnexpectedRows { .. }
        | StoreError::Transition(_)
        | StoreError::Json(_) => Problem::internal(),
    };
    let chain = format!("{:#}", anyhow::Error::from(error));
    if problem.status() == StatusCode::SERVICE_UNAVAILABLE {
        warn!(
            error = chain,
            "the database could not finish a request; the caller was told to try again"
        );
    } else {
        error!(error = chain, "the database failed");
    }
    problem
}

fn of_integration(failed: CallFailed) -> Problem {
    match failed {
        CallFailed::Away(cause) => {
            warn!(error = %cause, "whatsapp-integration does not answer");
            Problem::unavailable(
                "integration_away",
                "The service that talks to WhatsApp does not answer; try again in a few seconds.",
            )
            .retry_after(RETRY)
        }
        CallFailed::Refused(problem) => problem,
        CallFailed::Misunderstood(status) => {
            error!(
                http.status = status.as_u16(),
                "whatsapp-integration gave an answer that cannot be used"
            );
            Problem::new(StatusCode::BAD_GATEWAY, "integration_failed").detail(
                "The service that talks to WhatsApp gave an answer that cannot be used; its log says more.",
            )
        }
    }
}
