//! `POST /households`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemJson;
use http::{StatusCode, header};
use storage::Added;

use super::get::shown;
use super::name::{Named, taken};
use super::view::HouseholdDetail;
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::idempotency::{IdempotencyKey, REPLAYED, key_reused};
use crate::problem::Answer;

/// Makes a household, with an invitation and without guests so far.
#[utoipa::path(
    post,
    path = "/households",
    operation_id = "addHousehold",
    tag = "households",
    security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters. For 30 days, repeating a request with the same key and body makes nothing more.")),
    request_body = Named,
    responses(
        (status = CREATED, description = "It is there.", body = HouseholdDetail),
        (status = OK, description = "An earlier request with this key made it.", body = HouseholdDetail),
        (status = CONFLICT, description = "`household_exists`: `household` is the one that has this name.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was stored.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn add(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(named): ProblemJson<Named>,
) -> Answer<Response> {
    let key = key.of(&caller, "household", &named);
    let (name, actor) = (named.checked()?, caller.actor());
    let added = app
        .store
        .put_household_on_list(&name, &actor, key.as_ref(), app.now());
    let (id, repeated) = match added.await? {
        Ok(Added::New(id)) => (id, false),
        Ok(Added::Repeated(id)) => (id, true),
        Ok(Added::KeyReused) => return Err(key_reused().into()),
        Err(by) => return Err(taken(by).into()),
    };
    let location = [(header::LOCATION, format!("/api/v1/households/{id}"))];
    let view = Json(shown(&app, id).await?);
    Ok(if repeated {
        (StatusCode::OK, [REPLAYED], location, view).into_response()
    } else {
        (StatusCode::CREATED, location, view).into_response()
    })
}
