//! Ending a lock after WhatsApp has restricted a number: on a page of its own, which says what it may cost.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use crate::app::Shared;
use crate::pages::access::Access;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;
use crate::sessions;

pub(super) fn routes(pages: Pages) -> Pages {
    pages
        .get("/sessions/{session}/unlock", Access::SignedIn, ask)
        .post("/sessions/{session}/unlock", Access::SignedIn, unlock)
}

#[derive(Template)]
#[template(path = "pages/unlock.html")]
struct UnlockPage {
    f: Frame,
    session: String,
    person: String,
    locked: bool,
}

async fn ask(State(app): State<Shared>, visitor: Visitor, Path(session): Path<String>) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Home, "home-unlock-title").await?;
    let row = sessions::find(&app, &session).await?;
    page(&UnlockPage {
        person: f.person(&row.name),
        session: row.name.to_string(),
        locked: row.lock.is_some(),
        f,
    })
}

async fn unlock(State(app): State<Shared>, visitor: Visitor, Path(session): Path<String>) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::unlock(&app, &session, &visitor.actor()).await?;
    Ok(Redirect::to("/?said=unlocked").into_response())
}
