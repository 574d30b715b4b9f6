//! Broadcasts: the same news to many guests. Written as a draft, looked at, started once, paused, resumed, cancelled.
//!
//! What is done to them is in plain functions (`drafting`, `steering`, `looking`) that take the app and whoever acts; the handlers
//! only read a request and show the answer, so that pages can do the same.

mod audience;
mod audience_view;
mod cancel;
mod create;
mod delete;
mod draft;
mod drafting;
mod edit;
mod get;
mod list;
mod looking;
mod pause;
mod refusals;
mod resume;
mod start;
mod steering;
mod try_out;
mod view;
mod whom;

pub(crate) use draft::{Changes, Draft};
pub(crate) use drafting::{create, delete, edit};
pub(crate) use looking::{find, plan};
pub(crate) use steering::{cancel, pause, resume, start, try_out};
pub(crate) use whom::Whom;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(get::get, edit::edit, delete::delete))
        .routes(routes!(audience::audience))
        .routes(routes!(start::start))
        .routes(routes!(pause::pause))
        .routes(routes!(resume::resume))
        .routes(routes!(cancel::cancel))
        .routes(routes!(try_out::try_out))
}
