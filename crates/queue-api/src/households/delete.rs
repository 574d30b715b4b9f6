//! `DELETE /households/{id}`.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::HouseholdId;
use http::StatusCode;

use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Takes a household off the list, with its guests and its invitations; what was said stays.
#[utoipa::path(
    delete,
    path = "/households/{id}",
    operation_id = "deleteHousehold",
    tag = "households",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "It is off the list."),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<StatusCode> {
    if app
        .store
        .delete_household(id, &caller.actor(), app.now())
        .await?
    {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(super::unknown().into())
    }
}
