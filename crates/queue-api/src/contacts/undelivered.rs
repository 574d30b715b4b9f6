//! `GET /undelivered-messages` and `POST /contacts/{id}/dismiss-undelivered`: guests whom a number's messages do not reach, while others get theirs.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chassis::problem::{ProblemJson, ProblemPath};
use chrono::{DateTime, Utc};
use domain::ids::ContactId;
use domain::session::SessionName;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use storage::{Actor, Undelivered};
use utoipa::ToSchema;

use super::contact::unknown;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::problem::Answer;
use crate::schemas;

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
    /// When the newest of them was sent.
    at: DateTime<Utc>,
    /// How many they are.
    messages: u32,
    /// What it means and what to do, in a sentence.
    sentence: &'static str,
}

/// What a person knows of: what the list showed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeenUndelivered)]
pub(crate) struct SeenUndelivered {
    /// The session that sent the messages.
    #[schema(value_type = schemas::SessionName)]
    pub(crate) session: SessionName,
    /// `at` of the list: what was sent later warns again.
    pub(crate) at: DateTime<Utc>,
}

impl From<Undelivered> for UndeliveredView {
    fn from(row: Undelivered) -> Self {
        Self {
            contact: row.contact,
            session: row.session,
            since: row.since,
            at: row.newest,
            messages: row.messages,
            sentence: "There is no receipt of this guest, while others got theirs later: the phone may be off, or WhatsApp does not deliver. Ask in another way.",
        }
    }
}

/// Lists guests whose messages stay undelivered for `undelivered_hours`, although others got later ones, longest first. A receipt, a
/// message or a reaction of the guest, or a dismissal ends that.
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

/// Dismisses what stays undelivered for a contact on one session: a person knows of it. What is sent later warns again. Repeating changes
/// nothing.
#[utoipa::path(
    post, path = "/contacts/{id}/dismiss-undelivered", operation_id = "dismissUndelivered", tag = "contacts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    request_body(content = SeenUndelivered, example = json!({ "session": "groom", "at": "2026-06-01T10:00:00Z" })),
    responses((status = NO_CONTENT, description = "It is dismissed.")),
)]
pub(super) async fn dismiss(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<ContactId>,
    ProblemJson(seen): ProblemJson<SeenUndelivered>,
) -> Answer<StatusCode> {
    dismiss_undelivered(&app, &caller.actor(), id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Dismisses what a person knows of; 404 when there is no such contact.
pub(crate) async fn dismiss_undelivered(
    app: &App,
    actor: &Actor,
    contact: ContactId,
    SeenUndelivered { session, at }: SeenUndelivered,
) -> Answer<()> {
    let store = &app.store;
    let dismissed = store.dismiss_undelivered(contact, &session, at, actor, app.now());
    if !dismissed.await? && store.contact(contact).await?.is_none() {
        return Err(unknown().into());
    }
    Ok(())
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
