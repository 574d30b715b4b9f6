//! Leaving a failed message at that.

use axum::extract::{Path, State};

use super::detail::back;
use super::id;
use crate::app::Shared;
use crate::messages::leave_message;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

pub(super) async fn leave(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    leave_message(&app, &visitor.actor(), id).await?;
    Ok(back(id, "queue-left"))
}
