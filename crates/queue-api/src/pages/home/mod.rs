//! How things stand, at a glance.

use askama::Template;
use axum::extract::State;

use super::access::Access;
use super::frame::{Frame, Section};
use super::page::page;
use super::refusal::Shown;
use super::registry::Pages;
use super::visitor::Visitor;
use crate::app::Shared;

pub(super) fn routes(pages: Pages) -> Pages {
    pages.get("/", Access::SignedIn, home)
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    f: Frame,
}

async fn home(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-title").await?;
    page(&HomePage { f })
}
