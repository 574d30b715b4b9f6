//! queue-api: the HTTP API of the queue, for the couple's programs and page, the inner door where facts come in, and the
//! public one where guests find their invitations.
//!
//! It stores what people want sent and what happened, and brings the database's tables up to date. It never talks to
//! WAHA and never sends: it tells the worker to look, and asks the integration for what only a WAHA knows. Stopped in
//! the middle of anything, it has stored a whole fact or none: every call is one transaction, and callers may repeat it.

pub mod config;

mod app;
mod audit;
mod auth;
mod broadcasts;
mod by_client;
mod change;
mod client_address;
mod configuration;
mod contacts;
mod facts;
mod guests;
mod households;
mod idempotency;
mod integration;
mod invitation;
mod messages;
mod moment;
mod nudge;
mod openapi;
mod outlook;
mod pages;
mod paging;
mod precondition;
mod problem;
mod public;
mod router;
mod run;
mod schemas;
mod sessions;
mod short_text;
mod tokens;
mod unknown_writers;

pub use app::Deps;
pub use openapi::{document, guests_document};
pub use outlook::{ExtraMessage, Outlook, rehearse};
pub use pages::{Access, PageRoute, new_first_code, new_password_link};
pub use router::{Routers, routers};
pub use run::{Listeners, prepare, run};
pub use tokens::{BadScopes, create as create_token, parse_scopes};
