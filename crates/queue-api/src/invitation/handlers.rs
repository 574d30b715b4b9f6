//! The HTTP handlers of `/households/{id}/invitation`, and the functions behind them, which the pages call too.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::Timestamp;
use domain::ids::HouseholdId;
use http::{StatusCode, header};
use serde::Deserialize;
use storage::{Actor, InvitationChange};
use utoipa::ToSchema;

use super::view::InvitationView;
use super::{none_in_force, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;
use crate::{moment, schemas};

/// Shows a household's invitation. It holds a secret: `read` alone does not see it.
#[utoipa::path(
    get, path = "/households/{id}/invitation", operation_id = "readInvitation", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    responses((status = OK, description = "The invitation in force, or the last one that was.", body = InvitationView)),
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

/// A new invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewInvitation {
    /// Until when it is good; left out: some weeks after the wedding, or a year.
    #[schema(value_type = Option<schemas::Moment>)]
    valid_until: Option<String>,
}

/// Makes a new invitation and revokes the one before: what was printed of that one still opens the chat, but makes nobody a guest.
#[utoipa::path(
    post, path = "/households/{id}/invitation", operation_id = "renewInvitation", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    request_body(content = NewInvitation, example = json!({ "valid_until": "2099-06-30T12:00:00Z" })),
    responses(
        (status = CREATED, description = "The new invitation.", body = InvitationView),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_valid_until`: it cannot be read or is over."),
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
    let until = valid_until.map(|text| parse(text, now)).transpose()?;
    if app.store.renew_invitation(id, until, actor, now).await? {
        Ok(())
    } else {
        Err(unknown().into())
    }
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationChanges {
    /// Until when it is good, earlier or later than before.
    #[schema(value_type = schemas::Moment)]
    valid_until: String,
}

/// Changes until when an invitation is good, also when it is over already.
#[utoipa::path(
    patch, path = "/households/{id}/invitation", operation_id = "prolongInvitation", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    request_body(content = InvitationChanges, example = json!({ "valid_until": "2099-06-30T12:00:00Z" })),
    responses(
        (status = OK, description = "The invitation as it is now.", body = InvitationView),
        (status = CONFLICT, description = "`no_invitation_in_force`: it is revoked."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_valid_until`: it cannot be read or is over."),
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
    let until = parse(valid_until, now)?;
    let store = &app.store;
    match store.prolong_invitation(id, until, actor, now).await? {
        InvitationChange::Done => Ok(()),
        InvitationChange::NoHousehold => Err(unknown().into()),
        InvitationChange::NoneInForce => Err(none_in_force().into()),
    }
}

/// Revokes an invitation: its page is gone, and its code makes nobody a guest any more. Who wrote already stays one.
#[utoipa::path(
    delete, path = "/households/{id}/invitation", operation_id = "revokeInvitation", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    responses(
        (status = NO_CONTENT, description = "It is revoked."),
        (status = CONFLICT, description = "`no_invitation_in_force`: it was already."),
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

/// Reads a time that is still to come.
pub(super) fn parse(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let at = moment::parse(text).map_err(refused)?;
    if at <= now {
        return Err(refused(
            "not in the future: say a later time, or revoke the invitation with DELETE",
        ));
    }
    Ok(at)
}

fn refused(message: &'static str) -> Problem {
    Problem::unprocessable(
        "invalid_valid_until",
        format!("Nothing was changed. `valid_until`: {message}."),
    )
    .field("valid_until", message)
}
