//! `GET /broadcasts`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemQuery;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::BroadcastView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::paging::{self, PageView};
use crate::problem::Answer;

/// How many broadcasts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists broadcasts, newest first, with how their copies stand.
#[utoipa::path(
    get,
    path = "/broadcasts",
    operation_id = "listBroadcasts",
    tag = "broadcasts",
    security(("token" = ["read"])),
    params(Which),
    responses(
        (status = OK, description = "A page of broadcasts.", body = PageView<BroadcastView>),
        (status = BAD_REQUEST, description = "The cursor cannot be read.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<BroadcastView>>> {
    let limit = paging::limit(which.limit)?;
    let after = paging::cursor(which.cursor.as_deref())?;
    let page = app.store.broadcasts(after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, BroadcastView::from)))
}
