//! `GET /households/{id}/invitation`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::HouseholdId;
use http::header;

use super::unknown;
use super::view::InvitationView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Shows a household's invitation. It holds a secret: `read` alone does not see it.
#[utoipa::path(
    get,
    path = "/households/{id}/invitation",
    operation_id = "readInvitation",
    tag = "invitations",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path, description = "The household.")),
    responses(
        (status = OK, description = "The invitation in force, or the last one that was.", body = InvitationView),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<impl IntoResponse> {
    shown(&app, id).await
}

/// The invitation as it is now.
pub(super) async fn shown(app: &App, id: HouseholdId) -> Answer<impl IntoResponse + use<>> {
    let invited = app.store.invitation_of(id).await?.ok_or_else(unknown)?;
    let view = InvitationView::of(app, &invited);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}
