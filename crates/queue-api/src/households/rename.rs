//! `PATCH /households/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::HouseholdId;
use storage::HouseholdNaming;

use super::get::shown;
use super::name::{Named, taken};
use super::unknown;
use super::view::HouseholdDetail;
use crate::app::Shared;
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
    let name = named.checked()?;
    let naming = app
        .store
        .rename_household(id, &name, &caller.actor(), app.now())
        .await?;
    match naming {
        HouseholdNaming::Done(id) => Ok(Json(shown(&app, id).await?)),
        HouseholdNaming::Taken(by) => Err(taken(by).into()),
        HouseholdNaming::Unknown => Err(unknown().into()),
    }
}
