//! Households: who is invited together. Guests are put into one by its name, at the guests' own addresses.

mod handlers;
mod phones;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use self::handlers::rename_household;
pub(crate) use self::phones::{assign_phone, refuse_phone, unassigned_phones};
pub(crate) use self::view::Named;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::add, handlers::list))
        .routes(routes!(handlers::get, handlers::rename, handlers::delete))
        .routes(routes!(phones::list))
        .routes(routes!(phones::assign))
        .routes(routes!(phones::refuse))
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no household with this id.")
}
