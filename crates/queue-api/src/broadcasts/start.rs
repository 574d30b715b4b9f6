//! `POST /broadcasts/{id}/start`: every copy is queued in one transaction, or none.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::BroadcastId;

use super::steering;
use super::view::StartedView;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::precondition::{IfMatch, etag};
use crate::problem::Answer;

/// Starts a broadcast: a copy for each contact it is for, or none at all. Started twice, the second does nothing.
#[utoipa::path(
    post,
    path = "/broadcasts/{id}/start",
    operation_id = "startBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is started when the draft was changed since."),
    ),
    responses(
        (status = OK, description = "It is under way; `started_now` says whether by this request.", body = StartedView),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it was cancelled.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "Nothing was queued. `missing_values`: some copies cannot be written, `missing` lists whose. `nobody_to_write_to`, `broadcast_expired`.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn start(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let started = steering::start(&app, &caller.actor(), id, version).await?;
    Ok((etag(started.row.version), Json(StartedView::from(started))))
}
