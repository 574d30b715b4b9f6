//! `POST /households`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemJson;
use http::{StatusCode, header};
use storage::HouseholdNaming;

use super::get::shown;
use super::name::{Named, taken};
use super::unknown;
use super::view::HouseholdDetail;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Makes a household, with an invitation and without guests so far.
#[utoipa::path(
    post,
    path = "/households",
    operation_id = "addHousehold",
    tag = "households",
    security(("token" = ["enqueue"])),
    request_body = Named,
    responses(
        (status = CREATED, description = "It is there.", body = HouseholdDetail),
        (status = CONFLICT, description = "`household_exists`: `household` is the one that has this name.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was stored.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn add(
    State(app): State<Shared>,
    _: Caller<Enqueue>,
    ProblemJson(named): ProblemJson<Named>,
) -> Answer<impl IntoResponse> {
    let name = named.checked()?;
    match app.store.add_household(&name, app.now()).await? {
        HouseholdNaming::Done(id) => {
            let location = [(header::LOCATION, format!("/api/v1/households/{id}"))];
            Ok((StatusCode::CREATED, location, Json(shown(&app, id).await?)))
        }
        HouseholdNaming::Taken(by) => Err(taken(by).into()),
        HouseholdNaming::Unknown => Err(unknown().into()),
    }
}
