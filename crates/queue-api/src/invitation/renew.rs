//! `POST /households/{id}/invitation`: a new token, because the one before went astray or was used up.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::HouseholdId;
use http::{StatusCode, header};
use serde::Deserialize;
use storage::Actor;
use utoipa::ToSchema;

use super::get::shown;
use super::view::InvitationView;
use super::{unknown, until};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// A new invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewInvitation {
    /// Until when it is good; left out: some weeks after the wedding, or a year.
    #[schema(format = DateTime)]
    valid_until: Option<String>,
}

/// Makes a new invitation and revokes the one before: what was printed of that one still opens the chat, but makes nobody a guest.
#[utoipa::path(
    post,
    path = "/households/{id}/invitation",
    operation_id = "renewInvitation",
    tag = "invitations",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path, description = "The household.")),
    request_body = NewInvitation,
    responses(
        (status = CREATED, description = "The new invitation.", body = InvitationView),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_valid_until`: it cannot be read or is over.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn renew(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
    ProblemJson(new): ProblemJson<NewInvitation>,
) -> Answer<impl IntoResponse> {
    renew_invitation(&app, &caller.actor(), id, new.valid_until.as_deref()).await?;
    let location = [(
        header::LOCATION,
        format!("/api/v1/households/{id}/invitation"),
    )];
    Ok((StatusCode::CREATED, location, shown(&app, id).await?))
}

/// Gives a household a new token, and takes the one before out of force.
pub(crate) async fn renew_invitation(
    app: &App,
    actor: &Actor,
    id: HouseholdId,
    valid_until: Option<&str>,
) -> Answer<()> {
    let now = app.now();
    let until = valid_until
        .map(|text| until::parse(text, now))
        .transpose()?;
    if app.store.renew_invitation(id, until, actor, now).await? {
        Ok(())
    } else {
        Err(unknown().into())
    }
}
