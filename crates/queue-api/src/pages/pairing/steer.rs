//! Linking a session's phone, whatever its state needs, and restarting a session. A restart leaves a linked phone linked.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::linking::LinkWait;

use super::address;
use crate::app::Shared;
use crate::integration::Operation;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;
use crate::sessions;

/// The page that follows shows the QR code, or the sentence that says what to do.
pub(super) async fn link(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    let waits_for = sessions::link_session(&app, visitor.actor(), &session).await?;
    let there = match waits_for {
        LinkWait::Waha => address(&session, "linking"),
        _ => format!("/pairing/{session}"),
    };
    Ok(Redirect::to(&there).into_response())
}

pub(super) async fn restart(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(session): Path<String>,
) -> Shown {
    let session = sessions::find(&app, &session).await?.name;
    sessions::operate(&app, visitor.actor(), &session, Operation::Restart).await?;
    Ok(Redirect::to(&address(&session, "started")).into_response())
}
