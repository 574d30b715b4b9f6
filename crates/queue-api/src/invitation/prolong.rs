//! `PATCH /households/{id}/invitation`: the same token, until another day.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::HouseholdId;
use serde::Deserialize;
use storage::{Actor, InvitationChange};
use utoipa::ToSchema;

use super::get::shown;
use super::view::InvitationView;
use super::{none_in_force, unknown, until};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationChanges {
    /// Until when it is good, earlier or later than before.
    #[schema(format = DateTime)]
    valid_until: String,
}

/// Changes until when an invitation is good, also when it is over already.
#[utoipa::path(
    patch,
    path = "/households/{id}/invitation",
    operation_id = "prolongInvitation",
    tag = "invitations",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path, description = "The household.")),
    request_body = InvitationChanges,
    responses(
        (status = OK, description = "The invitation as it is now.", body = InvitationView),
        (status = CONFLICT, description = "`no_invitation_in_force`: it is revoked.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_valid_until`: it cannot be read or is over.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn prolong(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
    ProblemJson(changes): ProblemJson<InvitationChanges>,
) -> Answer<impl IntoResponse> {
    prolong_invitation(&app, &caller.actor(), id, &changes.valid_until).await?;
    shown(&app, id).await
}

/// Makes an invitation good until another moment, which is still to come.
pub(crate) async fn prolong_invitation(
    app: &App,
    actor: &Actor,
    id: HouseholdId,
    valid_until: &str,
) -> Answer<()> {
    let now = app.now();
    let until = until::parse(valid_until, now)?;
    let store = &app.store;
    match store.prolong_invitation(id, until, actor, now).await? {
        InvitationChange::Done => Ok(()),
        InvitationChange::NoHousehold => Err(unknown().into()),
        InvitationChange::NoneInForce => Err(none_in_force().into()),
    }
}
