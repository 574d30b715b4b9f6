//! `POST /sessions/{name}/unknown-writers/{id}/ignore`: not a guest.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::UnknownWriterId;
use domain::session::SessionName;
use http::StatusCode;
use storage::Actor;

use super::{own, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Says that an unknown writer is no guest: their name is erased, and they are not shown again, unless they come with an
/// invitation. Needs a token that was made for this session.
#[utoipa::path(
    post,
    path = "/sessions/{name}/unknown-writers/{id}/ignore",
    operation_id = "ignoreUnknownWriter",
    tag = "unknown writers",
    security(("token" = ["enqueue"])),
    params(("name" = String, Path), ("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "They are ignored."),
        (status = FORBIDDEN, description = "It is not this spouse's token.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such writer.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn ignore(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath((name, id)): ProblemPath<(String, UnknownWriterId)>,
) -> Answer<StatusCode> {
    let session = own(&caller, &name)?;
    ignore_writer(&app, &caller.actor(), &session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that somebody who wrote to that session is no guest.
pub(crate) async fn ignore_writer(
    app: &App,
    actor: &Actor,
    session: &SessionName,
    id: UnknownWriterId,
) -> Answer<()> {
    let store = &app.store;
    let known = store.ignore_unknown_writer(session, id, actor, app.now());
    if known.await? {
        Ok(())
    } else {
        Err(unknown().into())
    }
}
