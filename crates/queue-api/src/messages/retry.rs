//! `POST /messages/{id}/retry`: a failed message waits again.

use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;
use storage::Actor;

use super::changed::{done, shown};
use super::view::MessageDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Puts a failed message back into the queue.
#[utoipa::path(
    post,
    path = "/messages/{id}/retry",
    operation_id = "retryMessage",
    tag = "messages",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_failed`: only a failed message can be retried.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such message.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn retry(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    retry_message(&app, &caller.actor(), id).await?;
    shown(&app, id).await
}

/// Lets it wait again.
pub(crate) async fn retry_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let changed = app.store.retry(id, actor, app.now()).await?;
    let row = done(
        changed,
        "not_failed",
        "only a failed one can be tried again",
    )?;
    app.nudge.about([&row.session]);
    Ok(())
}
