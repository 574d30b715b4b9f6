//! `POST /sessions/{name}/logout`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;

use super::operation::{OperationView, operated};
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::integration::Operation;
use crate::problem::Answer;

/// Unlinks the phone. The session stays paused until somebody resumes it.
///
/// When WAHA does not answer, the pause ends with the attempt. The session then counts as linked to no number until it is seen connected
/// again, so another session with the same number can send.
#[utoipa::path(
    post,
    path = "/sessions/{name}/logout",
    operation_id = "logOutSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "It is done; sending was paused meanwhile.", body = OperationView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
        (status = SERVICE_UNAVAILABLE, description = "`integration_away`, `waha_away`: it may or may not have been done, and shows when the session is connected again.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn logout(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OperationView>> {
    Ok(Json(operated(app, &caller, name, Operation::Logout).await?))
}
