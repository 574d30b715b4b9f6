//! `GET /households/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::HouseholdId;

use super::unknown;
use super::view::HouseholdDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// Shows a household with everybody in it.
#[utoipa::path(
    get,
    path = "/households/{id}",
    operation_id = "readHousehold",
    tag = "households",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The household.", body = HouseholdDetail),
        (status = NOT_FOUND, description = "There is no such household.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<Json<HouseholdDetail>> {
    Ok(Json(shown(&app, id).await?))
}

/// The household as it is now.
pub(super) async fn shown(app: &App, id: HouseholdId) -> Answer<HouseholdDetail> {
    let people = app.store.household(id).await?.ok_or_else(unknown)?;
    Ok(people.into())
}
