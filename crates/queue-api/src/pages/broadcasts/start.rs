//! Starting: asks once more, with the numbers, and then queues every copy in one go.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::broadcast::BroadcastState;
use domain::ids::BroadcastId;
use serde::Deserialize;
use storage::BroadcastRow;

use super::expected::{Expected, expected};
use super::preview::{self, Preview};
use crate::app::Shared;
use crate::broadcasts;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/broadcasts/start.html")]
struct StartPage {
    f: Frame,
    row: BroadcastRow,
    preview: Preview,
    expected: Vec<Expected>,
}

pub(super) async fn confirm(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-start").await?;
    let looked = broadcasts::plan(&app, id).await?;
    if looked.row.state != BroadcastState::Draft {
        return Ok(Redirect::to(&format!("/broadcasts/{id}")).into_response());
    }
    let expected = expected(&app, &f, &looked).await?;
    page(&StartPage {
        f,
        expected,
        row: looked.row,
        preview: looked.plan.into(),
    })
}

#[derive(Deserialize)]
pub(super) struct Seen {
    version: i64,
}

/// Started twice, also from two windows: the second does nothing.
pub(super) async fn start(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
    Form(Seen { version }): Form<Seen>,
) -> Shown {
    let started = broadcasts::start(&app, &visitor.actor(), id, Some(version)).await?;
    let said = if started.now {
        "news-started"
    } else {
        "news-started-before"
    };
    Ok(Redirect::to(&format!("/broadcasts/{id}?said={said}")).into_response())
}
