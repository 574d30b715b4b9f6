//! `GET /undelivered-messages`: guests whom a number's messages do not reach, while others get theirs.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::ids::ContactId;
use domain::session::SessionName;
use serde::Serialize;
use storage::Undelivered;
use utoipa::ToSchema;

use crate::app::{App, Shared};
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// So many are listed at most.
const MOST: u32 = 50;

/// A guest who may not be getting a number's messages.
#[derive(Serialize, ToSchema)]
#[schema(as = UndeliveredMessages)]
pub(super) struct UndeliveredView {
    /// The contact that they were sent to.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// The session that sent them.
    #[schema(value_type = String, example = "groom")]
    session: SessionName,
    /// When the oldest of them was sent.
    since: DateTime<Utc>,
    /// How many they are.
    messages: u32,
    /// What it means and what to do, in a sentence.
    sentence: &'static str,
}

impl From<Undelivered> for UndeliveredView {
    fn from(row: Undelivered) -> Self {
        Self {
            contact: row.contact,
            session: row.session,
            since: row.since,
            messages: row.messages,
            sentence: "This guest may not be getting your messages, while others get theirs: ask in another way.",
        }
    }
}

/// Lists guests whose messages stay undelivered for `undelivered_hours`, although others got later ones, longest first. A receipt, or a
/// message of the guest, ends that.
#[utoipa::path(
    get, path = "/undelivered-messages", operation_id = "listUndeliveredMessages", tag = "contacts", security(("token" = ["read"])),
    responses((status = OK, description = "At most 50 guests.", body = Vec<UndeliveredView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
) -> Answer<Json<Vec<UndeliveredView>>> {
    let rows = undelivered(&app, None).await?;
    Ok(Json(rows.into_iter().map(Into::into).collect()))
}

/// What stays undelivered for longer than the settings allow, of all contacts or of one.
pub(crate) async fn undelivered(
    app: &App,
    contact: Option<ContactId>,
) -> Result<Vec<Undelivered>, storage::Error> {
    let (config, _) = app.store.config().await?;
    let patience = Duration::from_hours(config.limits.undelivered_hours.into());
    app.store
        .undelivered(contact, patience, MOST, app.now())
        .await
}
