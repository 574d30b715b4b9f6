//! `GET /broadcasts/{id}`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::BroadcastId;

use super::looking::find;
use super::view::BroadcastView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::precondition::etag;
use crate::problem::Answer;

/// Shows a broadcast with how its copies stand.
#[utoipa::path(
    get,
    path = "/broadcasts/{id}",
    operation_id = "readBroadcast",
    tag = "broadcasts",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The broadcast; its version is in `ETag`.", body = BroadcastView),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<BroadcastId>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, id).await?;
    Ok((etag(row.version), Json(BroadcastView::from(row))))
}
