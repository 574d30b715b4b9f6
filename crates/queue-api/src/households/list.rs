//! `GET /households`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemQuery;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::HouseholdView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::paging::{self, PageView};
use crate::problem::Answer;

/// Which households, and how many of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only with this in its name, or in a name or number of one of its guests.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists households, newest first.
#[utoipa::path(
    get,
    path = "/households",
    operation_id = "listHouseholds",
    tag = "households",
    security(("token" = ["read"])),
    params(Which),
    responses(
        (status = OK, description = "A page of households.", body = PageView<HouseholdView>),
        (status = BAD_REQUEST, description = "The cursor cannot be read.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<HouseholdView>>> {
    let limit = paging::limit(which.limit)?;
    let after = paging::cursor(which.cursor.as_deref())?;
    let search = paging::search("search", which.search.as_deref())?;
    let page = app.store.households(search, after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, HouseholdView::from)))
}
