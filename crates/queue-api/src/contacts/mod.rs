//! Contacts: one WhatsApp identity each, and what passed between it and each session.

mod decide;
mod get;
mod messages;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use decide::decide_contact;
pub(crate) use get::unknown as unknown_contact;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(get::get))
        .routes(routes!(messages::list))
        .routes(routes!(decide::opt_out))
        .routes(routes!(decide::opt_in))
}
