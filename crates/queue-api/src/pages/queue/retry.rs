//! Trying a failed message again.

use axum::extract::{Path, State};

use super::detail::back;
use super::id;
use crate::app::Shared;
use crate::messages::retry_message;
use crate::pages::refusal::Shown;
use crate::pages::visitor::Visitor;

pub(super) async fn retry(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(text): Path<String>,
) -> Shown {
    let id = id(&text)?;
    retry_message(&app, &visitor.actor(), id).await?;
    Ok(back(id, "queue-retried"))
}
