//! `POST /sessions/{name}/start`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;

use super::operation::{OperationView, operated};
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::integration::Operation;
use crate::problem::Answer;

/// Starts the session inside its WAHA. Needed after WAHA was restarted or the session stopped.
#[utoipa::path(
    post,
    path = "/sessions/{name}/start",
    operation_id = "startSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "It is done; sending was paused meanwhile.", body = OperationView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
        (status = SERVICE_UNAVAILABLE, description = "`integration_away`: it may or may not have been done.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn start(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OperationView>> {
    Ok(Json(operated(app, &caller, name, Operation::Start).await?))
}
