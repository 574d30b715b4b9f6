//! `GET /guests/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::GuestId;

use super::view::GuestView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// Shows a guest.
#[utoipa::path(
    get,
    path = "/guests/{id}",
    operation_id = "readGuest",
    tag = "guests",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The guest.", body = GuestView),
        (status = NOT_FOUND, description = "There is no such guest.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<GuestId>,
) -> Answer<Json<GuestView>> {
    let row = app.store.guest(id).await?.ok_or_else(super::unknown)?;
    Ok(Json(row.into()))
}
