//! Outgoing messages: queuing them, seeing how they are and why they wait, changing what has not left yet. Whether and when
//! one goes is the worker's; nothing here sends.

mod compositions;
mod draft;
mod edit;
mod enqueue;
mod handlers;
mod in_lists;
mod outlook;
mod readdress;
mod settle;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use compositions::{cancel_all as cancel_compositions, cancel_copies};
pub(crate) use draft::{ByHand, PRIORITIES};
pub(crate) use edit::edit_message;
pub(crate) use enqueue::queue;
pub(crate) use handlers::{
    LIFTED, NEVER, cancel_message, hurry, leave_message, retry_message, unknown as unknown_message,
};
pub(crate) use in_lists::Sessions;
pub(crate) use outlook::{Held, outlook};
pub(crate) use readdress::readdress_message;
pub(crate) use settle::{Verdict, settle_message};
pub(crate) use view::{ForecastView, WaitView};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(enqueue::enqueue, handlers::list))
        .routes(routes!(enqueue::batch))
        .routes(routes!(handlers::get, edit::edit))
        .routes(routes!(handlers::cancel))
        .routes(routes!(readdress::readdress))
        .routes(routes!(handlers::retry))
        .routes(routes!(handlers::leave))
        .routes(routes!(handlers::send_now))
        .routes(routes!(settle::settle))
}
