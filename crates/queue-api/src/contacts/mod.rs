//! Contacts: one WhatsApp identity each, and what passed between it and each session.

mod contact;
mod messages;
mod unconfirmed;
mod undelivered;
mod unreadable;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use contact::{decide_contact, unknown as unknown_contact};
pub(crate) use unconfirmed::{confirm_contact, unconfirmed};
pub(crate) use undelivered::{SeenUndelivered, dismiss_undelivered, undelivered};
pub(crate) use unreadable::{SeenOnPhone, dismiss_unreadable, unreadable};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(contact::get))
        .routes(routes!(messages::list))
        .routes(routes!(contact::opt_out))
        .routes(routes!(contact::opt_in))
        .routes(routes!(undelivered::list))
        .routes(routes!(undelivered::dismiss))
        .routes(routes!(unconfirmed::list))
        .routes(routes!(unconfirmed::confirm))
        .routes(routes!(unreadable::list))
        .routes(routes!(unreadable::dismiss))
}
