//! The guest list: who is a guest, with whom they are invited, and at which number. Only what guests write is kept.

mod checks;
mod going_cold;
mod handlers;
mod import;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use self::going_cold::going_cold;
pub(crate) use self::handlers::{Changes, Person, add_person, delete_guest, edit_guest};
pub(crate) use self::import::{
    Action, Counts, ImportOptions, LineView, Refusal, import_file, look_at_file,
};
pub(crate) use self::view::GuestView;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::add, handlers::list))
        .routes(routes!(handlers::get, handlers::edit, handlers::delete))
        .routes(routes!(handlers::erase))
        .routes(routes!(going_cold::read))
        .merge(import::routes())
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no guest with this id.")
}
