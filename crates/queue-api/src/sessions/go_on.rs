//! `POST /sessions/{name}/resume`, `/unlock` and `/try-again`: each lets a session send again, and answers how it is then.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;

use super::get::shown;
use super::view::SessionView;
use super::{find, steering};
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// Ends a pause. Resuming a session that is not paused changes nothing.
#[utoipa::path(
    post,
    path = "/sessions/{name}/resume",
    operation_id = "resumeSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The session as it is now.", body = SessionView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::resume(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}

/// Ends a lock after a restriction. Unlocking a session that is not locked changes nothing.
#[utoipa::path(
    post,
    path = "/sessions/{name}/unlock",
    operation_id = "unlockSession",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The session as it is now.", body = SessionView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn unlock(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::unlock(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}

/// Lets one message be tried although the last sends failed. When it is sent, sending goes on.
#[utoipa::path(
    post,
    path = "/sessions/{name}/try-again",
    operation_id = "tryAgain",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The session as it is now.", body = SessionView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn try_again(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::try_again(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}
