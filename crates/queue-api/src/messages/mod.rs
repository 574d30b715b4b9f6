//! Outgoing messages: queuing them, seeing how they are and why they wait, changing what has not left yet. One file for
//! each thing that can be done. Whether and when one goes is the worker's; nothing here sends.

mod batch;
mod cancel;
mod changed;
mod compositions;
mod draft;
mod edit;
mod enqueue;
mod get;
mod in_lists;
mod list;
mod outlook;
mod queueing;
mod retry;
mod send_now;
mod settle;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use compositions::cancel_all as cancel_compositions;
pub(crate) use view::{ForecastView, WaitView};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(enqueue::enqueue, list::list))
        .routes(routes!(batch::batch))
        .routes(routes!(get::get, edit::edit))
        .routes(routes!(cancel::cancel))
        .routes(routes!(retry::retry))
        .routes(routes!(send_now::send_now))
        .routes(routes!(settle::settle))
}
