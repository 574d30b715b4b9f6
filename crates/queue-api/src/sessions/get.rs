//! `GET /sessions/{name}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;

use super::find;
use super::view::SessionView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Identity, Read};
use crate::problem::Answer;

/// Shows a session.
#[utoipa::path(
    get,
    path = "/sessions/{name}",
    operation_id = "readSession",
    tag = "sessions",
    security(("token" = ["read"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The session.", body = SessionView),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    caller: Caller<Read>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    shown(&app, &name, &caller).await
}

/// The session as it is now, or 404.
pub(super) async fn shown(app: &App, name: &str, caller: &Identity) -> Answer<Json<SessionView>> {
    let row = find(app, name).await?;
    Ok(Json(SessionView::of(app, row, caller).await?))
}
