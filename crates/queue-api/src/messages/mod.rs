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
mod leave;
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

pub(crate) use cancel::cancel_message;
pub(crate) use changed::unknown as unknown_message;
pub(crate) use compositions::{cancel_all as cancel_compositions, cancel_copies};
pub(crate) use draft::{ByHand, PRIORITIES};
pub(crate) use edit::edit_message;
pub(crate) use in_lists::Sessions;
pub(crate) use leave::leave_message;
pub(crate) use outlook::{Held, outlook};
pub(crate) use queueing::queue;
pub(crate) use retry::retry_message;
pub(crate) use send_now::{LIFTED, NEVER, hurry};
pub(crate) use settle::{Verdict, settle_message};
pub(crate) use view::{ForecastView, WaitView};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(enqueue::enqueue, list::list))
        .routes(routes!(batch::batch))
        .routes(routes!(get::get, edit::edit))
        .routes(routes!(cancel::cancel))
        .routes(routes!(retry::retry))
        .routes(routes!(leave::leave))
        .routes(routes!(send_now::send_now))
        .routes(routes!(settle::settle))
}
