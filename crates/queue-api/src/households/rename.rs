//! `PATCH /households/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::HouseholdId;
use storage::{Actor, HouseholdNaming};

use super::get::shown;
use super::name::{Named, taken};
use super::unknown;
use super::view::HouseholdDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Gives a household another name, or its first one.
#[utoipa::path(
    patch,
    path = "/households/{id}",
    operation_id = "renameHousehold",
    tag = "households",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Named,
    responses(
        (status = OK, description = "It has this name now.", body = HouseholdDetail),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`household_exists`: `household` is the one that has this name.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was changed.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn rename(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
    ProblemJson(named): ProblemJson<Named>,
) -> Answer<Json<HouseholdDetail>> {
    rename_household(&app, &caller.actor(), id, named).await?;
    Ok(Json(shown(&app, id).await?))
}

/// Gives a household that name.
pub(crate) async fn rename_household(
    app: &App,
    actor: &Actor,
    id: HouseholdId,
    named: Named,
) -> Answer<()> {
    let name = named.checked()?;
    let store = &app.store;
    match store.rename_household(id, &name, actor, app.now()).await? {
        HouseholdNaming::Done(_) => Ok(()),
        HouseholdNaming::Taken(by) => Err(taken(by).into()),
        HouseholdNaming::Unknown => Err(unknown().into()),
    }
}
