//! What the couple can set, who may sign in with a program, and who changed what.

mod catalogue;
mod changes;
mod fields;
mod reading;
mod save;
mod tokens;

use super::access::Access;
use super::registry::Pages;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/settings", Access::SignedIn, save::form)
        .post("/settings", Access::SignedIn, save::save)
        .get("/settings/tokens", Access::SignedIn, tokens::list)
        .post_confirmed("/settings/tokens", Access::Texts, tokens::make)
        .get(
            "/settings/tokens/{id}/revoke",
            Access::SignedIn,
            tokens::ask,
        )
        .post_confirmed(
            "/settings/tokens/{id}/revoke",
            Access::SignedIn,
            tokens::revoke,
        )
        .get("/settings/changes", Access::SignedIn, changes::list)
}
