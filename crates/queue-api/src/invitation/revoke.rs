//! `DELETE /households/{id}/invitation`.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::HouseholdId;
use http::StatusCode;
use storage::{Actor, InvitationChange};

use super::{none_in_force, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Revokes an invitation: its page is gone, and its code makes nobody a guest any more. Who wrote already stays one.
#[utoipa::path(
    delete,
    path = "/households/{id}/invitation",
    operation_id = "revokeInvitation",
    tag = "invitations",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path, description = "The household.")),
    responses(
        (status = NO_CONTENT, description = "It is revoked."),
        (status = CONFLICT, description = "`no_invitation_in_force`: it was already.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<StatusCode> {
    revoke_invitation(&app, &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a household's invitation out of force.
pub(crate) async fn revoke_invitation(app: &App, actor: &Actor, id: HouseholdId) -> Answer<()> {
    let store = &app.store;
    match store.revoke_invitation(id, actor, app.now()).await? {
        InvitationChange::Done => Ok(()),
        InvitationChange::NoHousehold => Err(unknown().into()),
        InvitationChange::NoneInForce => Err(none_in_force().into()),
    }
}
