//! Sending one copy to a phone of one's own first.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::broadcast::BroadcastCopy;
use domain::ids::{BroadcastId, ContactId};
use serde::Deserialize;
use storage::BroadcastRow;

use super::preview;
use crate::app::{App, Shared};
use crate::broadcasts;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown, sentence};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/broadcasts/try.html")]
struct TryPage {
    f: Frame,
    row: BroadcastRow,
    copies: Vec<BroadcastCopy>,
    /// Who could get it to look at: they have written.
    lookers: Vec<BroadcastCopy>,
    wrong: Option<String>,
}

pub(super) async fn form(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
) -> Shown {
    page(&trial(&app, &visitor, id, None).await?)
}

async fn trial(
    app: &App,
    visitor: &Visitor,
    id: BroadcastId,
    wrong: Option<String>,
) -> Result<TryPage, Refused> {
    let f = Frame::of(app, visitor, Section::Broadcasts, "broadcasts-try").await?;
    let looked = broadcasts::plan(app, id).await?;
    let copies = looked.plan.copies;
    let wrote = |copy: &&BroadcastCopy| copy.wrote_at.is_some();
    Ok(TryPage {
        f,
        row: looked.row,
        lookers: copies.iter().filter(wrote).cloned().collect(),
        copies,
        wrong,
    })
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    of: ContactId,
    to: ContactId,
}

pub(super) async fn send(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<BroadcastId>,
    Form(Chosen { of, to }): Form<Chosen>,
) -> Shown {
    match broadcasts::try_out(&app, &visitor.actor(), id, of, to).await {
        Ok(_) => Ok(Redirect::to(&format!("/broadcasts/{id}?said=tried")).into_response()),
        Err(failure) => {
            let refused = Refused::from(failure);
            let f = Frame::of(&app, &visitor, Section::Broadcasts, "broadcasts-try").await?;
            let wrong = sentence(&f, refused.problem());
            form_again(&trial(&app, &visitor, id, Some(wrong)).await?)
        }
    }
}
