//! `POST /broadcasts`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemJson;
use http::{StatusCode, header};

use super::draft::Draft;
use super::drafting;
use super::view::BroadcastView;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::precondition::etag;
use crate::problem::Answer;

/// Writes a broadcast down as a draft. Nothing is queued before it is started.
#[utoipa::path(
    post,
    path = "/broadcasts",
    operation_id = "createBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    request_body = Draft,
    responses(
        (status = CREATED, description = "The draft is there.", body = BroadcastView),
        (status = "4XX", description = "Nothing was stored. `invalid_broadcast`: `errors` names each mistake; of one in the template `template_mistake` is its code and `template_at` how many characters stand before it.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemJson(draft): ProblemJson<Draft>,
) -> Answer<impl IntoResponse> {
    let row = drafting::create(&app, &caller.actor(), draft).await?;
    let location = [(header::LOCATION, format!("/api/v1/broadcasts/{}", row.id))];
    let answer = (location, etag(row.version), Json(BroadcastView::from(row)));
    Ok((StatusCode::CREATED, answer))
}
