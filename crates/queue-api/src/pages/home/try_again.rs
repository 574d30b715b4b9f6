//! The button that lets one message be tried although the last sends failed.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use crate::app::Shared;
use crate::pages::access::Access;
use crate::pages::refusal::Shown;
use crate::pages::registry::Pages;
use crate::pages::visitor::Visitor;
use crate::sessions;

pub(super) fn routes(pages: Pages) -> Pages {
    pages.post("/sessions/{session}/try-again", Access::SignedIn, try_again)
}

async fn try_again(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::try_again(&app, &session, &visitor.actor()).await?;
    Ok(Redirect::to("/?said=try_again").into_response())
}
