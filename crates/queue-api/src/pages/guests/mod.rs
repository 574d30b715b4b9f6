//! Guests: the list by household, each guest's and each household's page, files of guests in and out, invitations and the
//! sheet of cards.
//!
//! The rule that must hold: nothing here decides what the API decides, too; what is right or wrong with a guest, a name or
//! an invitation is said by the same functions, and these pages only put it into words.

mod cards;
mod confirm;
mod delete;
mod edit;
mod erase;
mod export;
mod fields;
mod household;
mod import;
mod invitation;
mod list;
mod new;
mod person;
mod phones;
mod trouble;
mod wanted;

pub(crate) use import::KeptFiles;

use super::access::Access;
use super::registry::Pages;

pub(super) fn routes(pages: Pages) -> Pages {
    let pages = import::routes(pages);
    let pages = household::routes(pages);
    let pages = phones::routes(pages);
    let pages = invitation::routes(pages);
    pages
        .get("/guests", Access::Texts, list::list)
        .get("/guests/new", Access::Texts, new::form)
        .post("/guests/new", Access::Texts, new::add)
        .get("/guests/cards", Access::Texts, cards::cards)
        .get("/guests/export.csv", Access::Texts, export::export)
        .get("/guests/{id}", Access::Texts, edit::form)
        .post("/guests/{id}", Access::Texts, edit::save)
        .get("/guests/{id}/delete", Access::Texts, delete::ask)
        .post("/guests/{id}/delete", Access::Texts, delete::delete)
        .get("/guests/{id}/erase", Access::Texts, erase::ask)
        .post("/guests/{id}/erase", Access::Texts, erase::erase)
}
