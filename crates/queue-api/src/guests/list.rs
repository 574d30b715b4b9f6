//! `GET /guests`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemQuery;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::GuestView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::paging::{self, PageView};
use crate::problem::Answer;

/// Which guests, and how many of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only with this in their name or their household's, in capitals or not, or in their number.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists guests, newest first.
#[utoipa::path(
    get,
    path = "/guests",
    operation_id = "listGuests",
    tag = "guests",
    security(("token" = ["read"])),
    params(Which),
    responses(
        (status = OK, description = "A page of guests.", body = PageView<GuestView>),
        (status = BAD_REQUEST, description = "The cursor cannot be read.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<GuestView>>> {
    let limit = paging::limit(which.limit)?;
    let after = paging::cursor(which.cursor.as_deref())?;
    let search = paging::search("search", which.search.as_deref())?;
    let page = app.store.guests(search, after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, GuestView::from)))
}
