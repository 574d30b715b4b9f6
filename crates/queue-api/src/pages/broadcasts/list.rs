//! All news, newest first.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use storage::BroadcastRow;

use super::preview;
use crate::app::Shared;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::paging;

/// So many on a page.
const MANY: u32 = 30;

#[derive(Template)]
#[template(path = "pages/broadcasts/list.html")]
struct ListPage {
    f: Frame,
    rows: Vec<BroadcastRow>,
    older: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Which {
    cursor: Option<String>,
}

pub(super) async fn list(
    State(app): State<Shared>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-title").await?;
    let after = paging::cursor(which.cursor.as_deref())?;
    let found = app.store.broadcasts(after.as_ref(), MANY).await?;
    page(&ListPage {
        f,
        rows: found.items,
        older: found.next.map(|cursor| cursor.to_string()),
    })
}
