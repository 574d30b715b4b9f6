//! `DELETE /guests/{id}`.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::GuestId;
use http::StatusCode;
use storage::Actor;

use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Takes a guest off the list; what was said stays. The household that they were the last guest of goes too.
#[utoipa::path(
    delete,
    path = "/guests/{id}",
    operation_id = "deleteGuest",
    tag = "guests",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "They are off the list."),
        (status = NOT_FOUND, description = "There is no such guest.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
) -> Answer<StatusCode> {
    delete_guest(&app, &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a guest off the list.
pub(crate) async fn delete_guest(app: &App, actor: &Actor, id: GuestId) -> Answer<()> {
    if app.store.delete_guest(id, actor, app.now()).await? {
        Ok(())
    } else {
        Err(super::unknown().into())
    }
}
