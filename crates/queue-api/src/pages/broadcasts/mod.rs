//! The same news to many guests: written, looked at for each guest, tried, started, watched, and stopped. Every step that
//! cannot be taken back asks first; nothing is queued before the start.

mod expected;
mod form;
mod list;
mod preview;
mod start;
mod steer;
mod trial;
mod watch;
mod without;
mod write;

use super::access::Access;
use super::registry::Pages;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/broadcasts", Access::Texts, list::list)
        .get("/broadcasts/new", Access::Texts, write::empty)
        .post("/broadcasts", Access::Texts, write::create)
        .get("/broadcasts/{id}", Access::Texts, watch::one)
        .get("/broadcasts/{id}/edit", Access::Texts, write::filled)
        .post("/broadcasts/{id}/edit", Access::Texts, write::edit)
        .post(
            "/broadcasts/{id}/without",
            Access::Texts,
            without::leave_out,
        )
        .get("/broadcasts/{id}/try", Access::Texts, trial::form)
        .post("/broadcasts/{id}/try", Access::Texts, trial::send)
        .get("/broadcasts/{id}/start", Access::Texts, start::confirm)
        .post("/broadcasts/{id}/start", Access::Texts, start::start)
        .post("/broadcasts/{id}/pause", Access::Texts, steer::pause)
        .post("/broadcasts/{id}/resume", Access::Texts, steer::resume)
        .get(
            "/broadcasts/{id}/cancel",
            Access::Texts,
            steer::confirm_cancel,
        )
        .post("/broadcasts/{id}/cancel", Access::Texts, steer::cancel)
        .get(
            "/broadcasts/{id}/delete",
            Access::Texts,
            write::confirm_delete,
        )
        .post("/broadcasts/{id}/delete", Access::Texts, write::delete)
}
