//! The couple's page: HTML for people, made on the server, in the language of whoever looks. What it shows and does is the
//! same as the API's: pages call the functions behind the API's handlers, never the API.
//!
//! The rules that must hold: every address is registered with who may see it ([`Access`]), and stands behind [`guard`], which
//! lets nobody else through and refuses every form without the visitor's own token; whatever people wrote is shown as text.

mod access;
mod assets;
mod attempts;
mod broadcasts;
mod confirm;
mod conversations;
mod cookie;
mod frame;
mod guard;
mod guests;
mod headers;
mod home;
mod limit;
mod live;
mod local_time;
mod page;
mod pairing;
mod password;
mod people;
mod queue;
mod refusal;
mod registry;
mod second_factor;
mod settings;
mod sign_in;
mod site;
mod times;
mod visitor;
mod words;
mod you;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};

use crate::app::Shared;

pub use access::Access;
pub(crate) use attempts::Attempts;
pub(crate) use guests::KeptFiles;
pub(crate) use headers::{HTTPS_ONLY, keep_https};
pub(crate) use home::Everybody;
pub(crate) use live::{Live, follow};
pub(crate) use password::Passwords;
pub use registry::PageRoute;
pub use sign_in::{new_first_code, new_password_link};

/// Every page, with its address, and the list of them.
pub(crate) fn router(app: &Shared) -> (Router, Vec<PageRoute>) {
    let pages = registry::Pages::new(app);
    let pages = [
        assets::routes,
        sign_in::routes,
        you::routes,
        second_factor::routes,
        home::routes,
        pairing::routes,
        queue::routes,
        conversations::routes,
        guests::routes,
        broadcasts::routes,
        settings::routes,
        people::routes,
        live::routes,
    ]
    .iter()
    .fold(pages, |pages, routes| routes(pages));
    let (router, listed) = pages.finish();
    let router = router
        .fallback(refusal::nothing_here)
        .layer(from_fn_with_state(app.clone(), site::refuse_unknown_hosts))
        .with_state(app.clone());
    (router.layer(map_response(headers::guard)), listed)
}
