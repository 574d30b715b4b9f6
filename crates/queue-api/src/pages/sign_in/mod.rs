//! Coming in: the first account of all, signing in and out, and links that work once.

mod code;
mod enter;
mod first;
mod link;
mod new_account;
mod secret;

use super::access::Access;
use super::limit;
use super::registry::Pages;

pub(super) use enter::left;
pub(super) use secret::new_link;
pub use secret::{new_first_code, new_password_link};

pub(super) fn routes(pages: Pages) -> Pages {
    let pages = limit::tries(pages, |pages| {
        pages
            .post("/sign-in", Access::Anyone, enter::sign_in)
            .post("/sign-in/code", Access::Anyone, code::sign_in)
            .post("/first", Access::Anyone, first::make)
            .post("/link/{secret}", Access::Anyone, link::redeem)
    });
    pages
        .get("/sign-in", Access::Anyone, enter::form)
        .get("/sign-in/code", Access::Anyone, code::form)
        .post("/sign-out", Access::SignedIn, enter::sign_out)
        .get("/first", Access::Anyone, first::form)
        .get("/link/{secret}", Access::Anyone, link::form)
}
