//! `POST /messages`: one message.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemJson;
use http::{StatusCode, header};

use super::draft::Draft;
use super::queueing::queue;
use super::view::MessageDetail;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue, Scope};
use crate::idempotency::{IdempotencyKey, REPLAYED};
use crate::precondition::etag;
use crate::problem::Answer;

/// Queues a message.
#[utoipa::path(
    post,
    path = "/messages",
    operation_id = "enqueueMessage",
    tag = "messages",
    security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters. For 30 days, repeating a request with the same key and body queues nothing more.")),
    request_body = Draft,
    responses(
        (status = CREATED, description = "It is queued.", body = MessageDetail),
        (status = OK, description = "It was queued by an earlier request with this key.", body = MessageDetail),
        (status = "4XX", description = "Nothing was queued.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn enqueue(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(draft): ProblemJson<Draft>,
) -> Answer<Response> {
    if draft.send_now {
        caller.require(Scope::Operate)?;
    }
    let idempotency = key.of(&caller, "message", &draft);
    let queued = queue(&app, vec![draft], idempotency.as_ref(), |_| String::new()).await?;
    // the store leaves out a copy of news that the contact already has (design §5, order)
    let id = queued.ids.first().copied().ok_or_else(already_queued)?;
    let detail = super::get::detail(&app, id).await?;
    let location = [(header::LOCATION, format!("/api/v1/messages/{id}"))];
    let answer = (location, etag(detail.version()), Json(detail));
    Ok(if queued.repeated {
        (StatusCode::OK, [REPLAYED], answer).into_response()
    } else {
        (StatusCode::CREATED, answer).into_response()
    })
}

fn already_queued() -> Problem {
    Problem::conflict(
        "broadcast_already_queued",
        "Nothing was queued: this contact already has a message of this broadcast, and nobody gets the same news twice.",
    )
}
