//! `POST /messages/{id}/leave`: a failed message asks for nobody any more.

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

/// Leaves a failed message at that: it stays failed, and no longer counts among what needs a person.
#[utoipa::path(
    post,
    path = "/messages/{id}/leave",
    operation_id = "leaveMessage",
    tag = "messages",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_failed`: only a failed message can be left at that.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such message.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn leave(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    leave_message(&app, &caller.actor(), id).await?;
    shown(&app, id).await
}

/// Takes it out of what needs a person.
pub(crate) async fn leave_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let changed = app.store.leave_failed(id, actor, app.now()).await?;
    done(
        changed,
        "not_failed",
        "only a failed one can be left at that",
    )?;
    Ok(())
}
