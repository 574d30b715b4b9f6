//! `DELETE /broadcasts/{id}`.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::BroadcastId;
use http::StatusCode;

use super::drafting;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::precondition::IfMatch;
use crate::problem::Answer;

/// Throws a draft away. What was started can only be cancelled.
#[utoipa::path(
    delete,
    path = "/broadcasts/{id}",
    operation_id = "deleteBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is deleted when the draft was changed since."),
    ),
    responses(
        (status = NO_CONTENT, description = "It is gone."),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_a_draft`: it was started.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<StatusCode> {
    drafting::delete(&app, &caller.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
