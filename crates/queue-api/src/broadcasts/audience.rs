//! `GET /broadcasts/{id}/audience`: each contact's exact text before anything is queued.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::BroadcastId;

use super::audience_view::AudienceView;
use super::looking::plan;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::precondition::etag;
use crate::problem::Answer;

/// Shows who gets which text from whom, who is left out and why, and what is advised: what a start would queue now. All at
/// once. Of a broadcast that was started: who of its audience has no copy.
#[utoipa::path(
    get,
    path = "/broadcasts/{id}/audience",
    operation_id = "readBroadcastAudience",
    tag = "broadcasts",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The audience; the broadcast's version is in `ETag`.", body = AudienceView),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn audience(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<BroadcastId>,
) -> Answer<impl IntoResponse> {
    let planned = plan(&app, id).await?;
    let version = planned.row.version;
    Ok((etag(version), Json(AudienceView::from(planned.plan))))
}
