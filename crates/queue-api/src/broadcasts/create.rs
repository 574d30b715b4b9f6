//! `POST /broadcasts`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemJson;
use http::{StatusCode, header};

use super::draft::Draft;
use super::drafting;
use super::view::BroadcastView;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::idempotency::{IdempotencyKey, REPLAYED};
use crate::precondition::etag;
use crate::problem::Answer;

/// Writes a broadcast down as a draft. Nothing is queued before it is started.
#[utoipa::path(
    post,
    path = "/broadcasts",
    operation_id = "createBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters. For 30 days, repeating a request with the same key and body writes nothing more.")),
    request_body = Draft,
    responses(
        (status = CREATED, description = "The draft is there.", body = BroadcastView),
        (status = OK, description = "An earlier request with this key wrote it.", body = BroadcastView),
        (status = "4XX", description = "Nothing was stored. `invalid_broadcast`: `errors` names each mistake; of one in the template `template_mistake` is its code and `template_at` how many characters stand before it.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(draft): ProblemJson<Draft>,
) -> Answer<Response> {
    let key = key.of(&caller, "broadcast", &draft);
    let (row, repeated) = drafting::create(&app, &caller.actor(), key.as_ref(), draft).await?;
    let location = [(header::LOCATION, format!("/api/v1/broadcasts/{}", row.id))];
    let answer = (location, etag(row.version), Json(BroadcastView::from(row)));
    Ok(if repeated {
        (StatusCode::OK, [REPLAYED], answer).into_response()
    } else {
        (StatusCode::CREATED, answer).into_response()
    })
}
