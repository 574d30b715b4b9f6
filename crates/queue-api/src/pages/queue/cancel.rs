//! Cancelling a message: asked on a page of its own, because it cannot be undone.

use askama::Template;
use axum::extract::{Path, State};
use domain::ids::MessageId;

use super::detail::back;
use super::id;
use super::line::called;
use crate::app::Shared;
use crate::messages::{cancel_message, unknown_message};
use crate::pages::frame::{Frame, Section};
use crate::pages::page::page;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/queue/cancel.html")]
struct CancelPage {
    f: Frame,
    id: MessageId,
    who: String,
    text: String,
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    let row = app.store.message(id).await?.ok_or_else(unknown_message)?;
    let f = Frame::of(&app, &visitor, Section::Queue, "queue-cancel-title").await?;
    page(&CancelPage {
        who: called(&f, &row.guest_names, row.phone.as_ref()),
        text: row.text.as_str().to_owned(),
        id,
        f,
    })
}

pub(super) async fn cancel(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    cancel_message(&app, &visitor.actor(), id).await?;
    Ok(back(id, "queue-cancelled"))
}
