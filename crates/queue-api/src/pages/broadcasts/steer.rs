//! Pausing, going on, and giving up what has not left.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::ids::BroadcastId;
use storage::BroadcastRow;

use crate::app::Shared;
use crate::broadcasts;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

pub(super) async fn pause(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    broadcasts::pause(&app, &visitor.actor(), id, None).await?;
    Ok(Redirect::to(&format!("/broadcasts/{id}?said=paused-news")).into_response())
}

pub(super) async fn resume(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    broadcasts::resume(&app, &visitor.actor(), id, None).await?;
    Ok(Redirect::to(&format!("/broadcasts/{id}?said=resumed-news")).into_response())
}

#[derive(Template)]
#[template(path = "pages/broadcasts/cancel.html")]
struct CancelPage {
    f: Frame,
    row: BroadcastRow,
}

pub(super) async fn confirm_cancel(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-cancel").await?;
    let row = broadcasts::find(&app, id).await?;
    page(&CancelPage { f, row })
}

pub(super) async fn cancel(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    broadcasts::cancel(&app, &visitor.actor(), id, None).await?;
    Ok(Redirect::to(&format!("/broadcasts/{id}?said=cancelled-news")).into_response())
}
