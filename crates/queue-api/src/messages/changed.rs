//! What came of a change, as an answer.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use domain::ids::MessageId;
use domain::message_status::MessageStatus;
use storage::{Changed, MessageRow};

use crate::app::App;
use crate::precondition::{etag, version_conflict};
use crate::problem::Answer;

/// 404: no such message.
pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no message with this id.")
}

/// The changed row, or why it was not changed. `refusal` is the code for a message in the wrong status, and `needs` says
/// in which it would have to be.
pub(super) fn done(
    changed: Changed,
    refusal: &'static str,
    needs: &'static str,
) -> Result<MessageRow, Problem> {
    match changed {
        Changed::Done(row) => Ok(*row),
        Changed::Unknown => Err(unknown()),
        Changed::Conflict { current_version } => Err(version_conflict(current_version)),
        Changed::WrongStatus(status) => Err(wrong_status(status, refusal, needs)),
    }
}

/// 409: the message is not where it would have to be.
pub(super) fn wrong_status(
    status: MessageStatus,
    code: &'static str,
    needs: &'static str,
) -> Problem {
    Problem::conflict(code, format!("The message is {status}: {needs}."))
        .with("message_status", status.as_str())
}

/// Tells the worker, and shows the message as it is now.
pub(super) async fn shown(app: &App, id: MessageId) -> Answer<Response> {
    let detail = super::get::detail(app, id).await?;
    Ok((etag(detail.version()), Json(detail)).into_response())
}
