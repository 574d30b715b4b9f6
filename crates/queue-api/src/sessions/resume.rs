//! `POST /sessions/{name}/resume`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;

use super::get::shown;
use super::view::SessionView;
use super::{find, steering};
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// Ends a pause. Resuming a session that is not paused changes nothing.
#[utoipa::path(
    post,
    path = "/sessions/{name}/resume",
    operation_id = "resumeSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The session as it is now.", body = SessionView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::resume(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}
