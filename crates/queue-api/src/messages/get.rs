//! `GET /messages/{id}`: a message with its timeline, its wait and its forecast.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;

use super::changed::unknown;
use super::outlook::outlook;
use super::view::{MessageDetail, MessageView};
use crate::app::{App, Shared};
use crate::auth::{Caller, Read};
use crate::precondition::etag;
use crate::problem::Answer;

/// Shows a message with its whole story.
#[utoipa::path(
    get,
    path = "/messages/{id}",
    operation_id = "readMessage",
    tag = "messages",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message; its version is in `ETag`.", body = MessageDetail),
        (status = NOT_FOUND, description = "There is no such message.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<impl IntoResponse> {
    let detail = detail(&app, id).await?;
    Ok((etag(detail.version()), Json(detail)))
}

/// The message as it is now, or 404.
pub(super) async fn detail(app: &App, id: MessageId) -> Answer<MessageDetail> {
    let now = app.now();
    let explained = app.store.explain(id, now).await?.ok_or_else(unknown)?;
    let timeline = app.store.timeline(id).await?;
    let (config, _) = app.store.config().await?;
    let found = outlook(app, config, explained, now).await;
    let wait = found.held.map(|held| held.view(now));
    Ok(MessageDetail {
        message: MessageView::of(found.explained.row, wait),
        forecast: found.forecast.map(Into::into),
        timeline: timeline.into_iter().map(Into::into).collect(),
    })
}
