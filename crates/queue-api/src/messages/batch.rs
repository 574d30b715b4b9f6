//! `POST /messages/batch`: up to 10,000 messages in one transaction, all or none.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemJson;
use domain::ids::MessageId;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::Draft;
use super::queueing::queue;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue, Scope};
use crate::idempotency::{IdempotencyKey, REPLAYED};
use crate::problem::Answer;

/// How many messages one batch may hold.
const MOST: usize = 10_000;

/// Messages to be queued together.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// 1 to 10,000 messages. They go in this order, within a priority.
    #[schema(min_items = 1, max_items = 10_000)]
    messages: Vec<Draft>,
}

/// The messages that were queued together.
#[derive(Serialize, ToSchema)]
#[schema(as = Batch)]
pub(super) struct BatchView {
    /// The ids, in the order of the request. Copies of a broadcast that their contact already has are left out.
    #[schema(value_type = Vec<Uuid>)]
    ids: Vec<MessageId>,
}

/// Queues many messages: all, or none of them.
#[utoipa::path(
    post,
    path = "/messages/batch",
    operation_id = "enqueueBatch",
    tag = "messages",
    security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters. For 30 days, repeating a request with the same key and body queues nothing more.")),
    request_body = Batch,
    responses(
        (status = CREATED, description = "All are queued.", body = BatchView),
        (status = OK, description = "They were queued by an earlier request with this key.", body = BatchView),
        (status = "4XX", description = "Nothing was queued; `errors` names each mistake as `messages[3].text`.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn batch(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(batch): ProblemJson<Batch>,
) -> Answer<Response> {
    if !(1..=MOST).contains(&batch.messages.len()) {
        let message = format!("a batch holds 1 to {MOST} messages");
        let detail = format!("Nothing was queued: {message}; split it.");
        return Err(Problem::unprocessable("invalid_batch_size", detail)
            .field("messages", message)
            .into());
    }
    if batch.messages.iter().any(|draft| draft.send_now) {
        caller.require(Scope::Operate)?;
    }
    let idempotency = key.of(&caller, "batch", &batch);
    let place = |index| format!("messages[{index}].");
    let queued = queue(&app, batch.messages, idempotency.as_ref(), place).await?;
    let view = Json(BatchView { ids: queued.ids });
    Ok(if queued.repeated {
        (StatusCode::OK, [REPLAYED], view).into_response()
    } else {
        (StatusCode::CREATED, view).into_response()
    })
}
