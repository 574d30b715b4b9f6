//! What waits, is on its way and was sent: the list, each message with its story, and everything that may still be done about it.
//! Whether something may be done is decided where the API decides it; nothing here knows better.

mod cancel;
mod change;
mod compose;
mod detail;
mod doubt;
mod hurry;
mod leave;
mod line;
mod list;
mod phase;
mod recipient;
mod retry;
mod steps;

use std::str::FromStr;

use chassis::Problem;

use super::access::Access;
use super::refusal::Refused;
use super::registry::Pages;

pub(super) use compose::{enqueue, usual};
pub(super) use line::{Line, Why, beginning, called, lines, side};
pub(super) use list::{Choice, sessions, with_query};

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/queue", Access::Texts, list::list)
        .get("/queue/new", Access::Texts, compose::form)
        .post("/queue/new", Access::Texts, compose::queue_it)
        .get("/queue/{id}", Access::Texts, detail::show)
        .post("/queue/{id}/edit", Access::Texts, change::edit)
        .get("/queue/{id}/cancel", Access::Texts, cancel::ask)
        .post("/queue/{id}/cancel", Access::Texts, cancel::cancel)
        .post("/queue/{id}/recipient", Access::Texts, recipient::readdress)
        .post("/queue/{id}/retry", Access::Texts, retry::retry)
        .post("/queue/{id}/leave", Access::Texts, leave::leave)
        .get("/queue/{id}/send-now", Access::Texts, hurry::ask)
        .post("/queue/{id}/send-now", Access::Texts, hurry::send_now)
        .post("/queue/{id}/settle", Access::Texts, doubt::settle)
}

/// An id in an address; whatever is none leads nowhere.
pub(super) fn id<T: FromStr>(text: &str) -> Result<T, Refused> {
    text.parse()
        .map_err(|_| Problem::not_found("There is nothing with this id.").into())
}

/// A field that was left empty says nothing.
pub(super) fn said(field: Option<String>) -> Option<String> {
    field
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// A text area's text as it was written: browsers send its line ends as CR LF.
pub(super) fn written(text: &str) -> String {
    text.replace("\r\n", "\n")
}
