//! The guest list, as far as it is needed to know who is a guest: only what they write is kept.

mod add;
mod delete;
mod get;
mod list;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(add::add, list::list))
        .routes(routes!(get::get, delete::delete))
}

fn unknown() -> Problem {
    Problem::not_found("There is no guest with this id.")
}
