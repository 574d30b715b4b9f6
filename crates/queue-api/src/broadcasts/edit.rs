//! `PATCH /broadcasts/{id}`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::BroadcastId;

use super::draft::Changes;
use super::drafting;
use super::view::BroadcastView;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::precondition::{IfMatch, etag};
use crate::problem::Answer;

/// Changes a draft.
#[utoipa::path(
    patch,
    path = "/broadcasts/{id}",
    operation_id = "editBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is changed when the draft was changed since."),
    ),
    request_body = Changes,
    responses(
        (status = OK, description = "The draft as it is now.", body = BroadcastView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_a_draft`: it was started.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was changed.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<impl IntoResponse> {
    let row = drafting::edit(&app, &caller.actor(), id, version, changes).await?;
    Ok((etag(row.version), Json(BroadcastView::from(row))))
}
