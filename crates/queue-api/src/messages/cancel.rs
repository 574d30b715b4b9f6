//! `POST /messages/{id}/cancel`: a message that has not left will not leave.

use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;
use storage::Actor;

use super::changed::{done, shown, unknown};
use super::{compositions, view::MessageDetail};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Cancels a message that has not left. After the answer it never leaves.
#[utoipa::path(
    post,
    path = "/messages/{id}/cancel",
    operation_id = "cancelMessage",
    tag = "messages",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_cancellable`: it is too late.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such message.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn cancel(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    cancel_message(&app, &caller.actor(), id).await?;
    shown(&app, id).await
}

/// Cancels it, and what is being typed of it right now.
pub(crate) async fn cancel_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let before = app.store.message(id).await?.ok_or_else(unknown)?;
    let composing = compositions::of_message(app, &before.session, id).await?;
    let changed = app.store.cancel(id, actor, app.now()).await?;
    done(
        changed,
        "not_cancellable",
        "only one that has not left can be cancelled",
    )?;
    compositions::cancel(app, &before.session, composing).await;
    app.nudge.about([&before.session]);
    Ok(())
}
