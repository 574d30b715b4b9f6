//! Households: who is invited together. Guests are put into one by its name, at the guests' own addresses.

mod add;
mod delete;
mod get;
mod list;
mod name;
mod rename;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use self::name::Named;
pub(crate) use self::rename::rename_household;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(add::add, list::list))
        .routes(routes!(get::get, rename::rename, delete::delete))
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no household with this id.")
}
