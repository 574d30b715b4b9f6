//! Letting an operator read what is written, or no longer.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::find;
use crate::app::Shared;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    granted: String,
}

pub(super) async fn texts(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(Wish { granted }): Form<Wish>,
) -> Shown {
    let account = find(&app, &id).await?;
    let granted = granted == "yes";
    let (store, actor) = (&app.store, visitor.actor());
    store
        .grant_texts(account.id, granted, &actor, app.now())
        .await?;
    let said = if granted { "granted" } else { "withdrawn" };
    Ok(Redirect::to(&format!("/people?said={said}")).into_response())
}
