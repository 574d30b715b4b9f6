//! The guest list: who is a guest, with whom they are invited, and at which number. Only what guests write is kept.

mod add;
mod checks;
mod delete;
mod edit;
mod erase;
mod get;
mod import;
mod list;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use self::add::{Person, add_person};
pub(crate) use self::checks::{LONGEST, is_text};
pub(crate) use self::delete::delete_guest;
pub(crate) use self::edit::{Changes, edit_guest};
pub(crate) use self::import::{Action, Counts, LineView, Refusal, import_file, look_at_file};
pub(crate) use self::view::GuestView;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(add::add, list::list))
        .routes(routes!(get::get, edit::edit, delete::delete))
        .routes(routes!(erase::erase))
        .merge(import::routes())
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no guest with this id.")
}
