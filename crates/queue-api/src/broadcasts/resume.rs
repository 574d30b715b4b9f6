//! `POST /broadcasts/{id}/resume`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::BroadcastId;

use super::steering;
use super::view::SteeredView;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::precondition::{IfMatch, etag};
use crate::problem::Answer;

/// Lets a paused broadcast go on. Resuming one that is not paused changes nothing.
#[utoipa::path(
    post,
    path = "/broadcasts/{id}/resume",
    operation_id = "resumeBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when the broadcast was changed since."),
    ),
    responses(
        (status = OK, description = "It goes on.", body = SteeredView),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it is a draft or cancelled.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let steered = steering::resume(&app, &caller.actor(), id, version).await?;
    Ok((etag(steered.row.version), Json(SteeredView::from(steered))))
}
