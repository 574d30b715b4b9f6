//! What was said with guests, and who wrote without being on the list.
//!
//! The rule that must hold: who wrote to a spouse without being on the list is shown to that spouse only.

mod answer;
mod bubble;
mod list;
mod thread;
mod unknown;
mod unknown_tie;
mod wishes;

use super::access::Access;
use super::registry::Pages;

pub(super) use bubble::{Bubble, last_bubbles};

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/conversations", Access::Texts, list::list)
        .get("/conversations/unknown", Access::Couple, unknown::list)
        .get(
            "/conversations/unknown/{id}/tie",
            Access::Couple,
            unknown_tie::ask,
        )
        .post(
            "/conversations/unknown/{id}/tie",
            Access::Couple,
            unknown_tie::tie,
        )
        .get(
            "/conversations/unknown/{id}/ignore",
            Access::Couple,
            unknown::ask,
        )
        .post(
            "/conversations/unknown/{id}/ignore",
            Access::Couple,
            unknown::ignore,
        )
        .get("/conversations/{contact}", Access::Texts, thread::show)
        .post(
            "/conversations/{contact}/answer",
            Access::Texts,
            answer::answer,
        )
        .get(
            "/conversations/{contact}/opt-out",
            Access::Texts,
            wishes::ask_out,
        )
        .post(
            "/conversations/{contact}/opt-out",
            Access::Texts,
            wishes::opt_out,
        )
        .get(
            "/conversations/{contact}/opt-in",
            Access::Texts,
            wishes::ask_in,
        )
        .post(
            "/conversations/{contact}/opt-in",
            Access::Texts,
            wishes::opt_in,
        )
}
