//! Broadcasts: the same news to many guests. Written as a draft, looked at, started once, paused, resumed, cancelled.
//!
//! What is done to them is in plain functions (`drafting`, `steering`) that take the app and whoever acts; the handlers
//! only read a request and show the answer, so that pages can do the same.

mod audience_view;
mod draft;
mod drafting;
mod forecast;
mod forecast_view;
mod handlers;
mod refusals;
mod steering;
mod view;
mod whom;

pub(crate) use draft::{Changes, Draft};
pub(crate) use drafting::{create, delete, edit, find, plan};
pub(crate) use forecast::{Forecast, Missed, MissedBy, forecast};
pub(crate) use steering::{cancel, pause, resume, start, try_out};
pub(crate) use whom::Whom;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::create, handlers::list))
        .routes(routes!(handlers::get, handlers::edit, handlers::delete))
        .routes(routes!(handlers::audience))
        .routes(routes!(forecast_view::read))
        .routes(routes!(handlers::start))
        .routes(routes!(handlers::pause))
        .routes(routes!(handlers::resume))
        .routes(routes!(handlers::cancel))
        .routes(routes!(handlers::try_out))
}
