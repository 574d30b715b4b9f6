//! `POST /sessions/{name}/pause`: after its answer nothing leaves but what the answer names (design §5).

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{find, steering};
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// What had passed the point of no return before the pause.
#[derive(Serialize, ToSchema)]
#[schema(as = Paused)]
pub(super) struct PausedView {
    /// Messages that may still arrive.
    #[schema(value_type = Vec<Uuid>)]
    committed: Vec<MessageId>,
}

/// Pauses a session. After the answer nothing leaves but the messages it names.
#[utoipa::path(
    post,
    path = "/sessions/{name}/pause",
    operation_id = "pauseSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "It is paused.", body = PausedView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn pause(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<PausedView>> {
    let session = find(&app, &name).await?.name;
    let committed = steering::pause(&app, &session, &caller.actor()).await?;
    Ok(Json(PausedView { committed }))
}
