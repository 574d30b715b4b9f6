//! `GET /sessions/{name}/unknown-writers`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemPath, ProblemQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::own;
use super::view::UnknownWriterView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::paging::{self, PageView};
use crate::problem::Answer;

/// How many of them.
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

/// Lists who wrote to this spouse without being on the list, whoever was first heard of last on top. Needs a token that was made
/// for this session.
#[utoipa::path(
    get,
    path = "/sessions/{name}/unknown-writers",
    operation_id = "listUnknownWriters",
    tag = "unknown writers",
    security(("token" = ["read"])),
    params(("name" = String, Path), Which),
    responses(
        (status = OK, description = "A page of unknown writers.", body = PageView<UnknownWriterView>),
        (status = FORBIDDEN, description = "It is not this spouse's token.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    caller: Caller<Read>,
    ProblemPath(name): ProblemPath<String>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<UnknownWriterView>>> {
    let session = own(&caller, &name)?;
    let limit = paging::limit(which.limit)?;
    let after = paging::cursor(which.cursor.as_deref())?;
    let page = app
        .store
        .unknown_writers(&session, after.as_ref(), limit, app.now())
        .await?;
    Ok(Json(PageView::of(page, UnknownWriterView::from)))
}
