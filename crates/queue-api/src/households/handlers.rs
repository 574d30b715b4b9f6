//! The HTTP handlers of `/households`, and the function behind renaming, which the page calls too.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chassis::problem::{ProblemJson, ProblemPath, ProblemQuery};
use domain::ids::HouseholdId;
use http::{StatusCode, header};
use storage::{Actor, Added, HouseholdNaming};

use super::unknown;
use super::view::{HouseholdDetail, HouseholdView, Named, taken};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::idempotency::{IdempotencyKey, created, key_reused};
use crate::paging::{PageView, SearchQuery};
use crate::problem::Answer;

/// Makes a household, with an invitation and without guests so far.
#[utoipa::path(
    post, path = "/households", operation_id = "addHousehold", tag = "households", security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "For 30 days, repeating a request with the same key and body does nothing more.")),
    request_body(content = Named, example = json!({ "name": "Famiglia Rossi" })),
    responses(
        (status = CREATED, description = "It is there.", body = HouseholdDetail),
        (status = OK, description = "An earlier request with this key made it.", body = HouseholdDetail),
        (status = CONFLICT, description = "`household_exists`: another household has this name; `household` is its id."),
        (status = NOT_FOUND, description = "`not_found`: an earlier request with this key made it, and it was deleted since."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_household`: the name is blank or too long."),
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
    Ok(created(repeated, (location, view)))
}

/// Lists households, newest first.
#[utoipa::path(
    get, path = "/households", operation_id = "listHouseholds", tag = "households", security(("token" = ["read"])), params(SearchQuery),
    responses((status = OK, description = "A page of households.", body = PageView<HouseholdView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<SearchQuery>,
) -> Answer<Json<PageView<HouseholdView>>> {
    let (limit, after, search) = which.read()?;
    let page = app.store.households(search, after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, HouseholdView::from)))
}

/// Shows a household with everybody in it.
#[utoipa::path(
    get, path = "/households/{id}", operation_id = "readHousehold", tag = "households", security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The household.", body = HouseholdDetail)),
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

/// Gives a household another name, or its first one.
#[utoipa::path(
    patch, path = "/households/{id}", operation_id = "renameHousehold", tag = "households",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)), request_body(content = Named, example = json!({ "name": "Famiglia Rossi" })),
    responses(
        (status = OK, description = "It has this name now.", body = HouseholdDetail),
        (status = CONFLICT, description = "`household_exists`: another household has this name; `household` is its id."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_household`: the name is blank or too long."),
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

/// Takes a household off the list, with its guests and its invitations; what was said stays.
#[utoipa::path(
    delete, path = "/households/{id}", operation_id = "deleteHousehold", tag = "households",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses((status = NO_CONTENT, description = "It is off the list.")),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<StatusCode> {
    if app
        .store
        .delete_household(id, &caller.actor(), app.now())
        .await?
    {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(super::unknown().into())
    }
}
