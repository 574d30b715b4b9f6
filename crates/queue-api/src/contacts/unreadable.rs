//! `GET /unreadable-messages` and `POST /contacts/{id}/dismiss-unreadable`: guests' messages that can be read on the phone only.
//!
//! WhatsApp sometimes delivers a message that a linked device cannot decrypt. The readable one follows within seconds, or never.

use axum::Json;
use axum::extract::State;
use chassis::problem::{ProblemJson, ProblemPath};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::ContactId;
use domain::session::SessionName;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use storage::{Actor, Unreadable};
use utoipa::ToSchema;

use super::contact::unknown;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::problem::Answer;
use crate::schemas;

/// How long the readable message is waited for.
const AFTER: TimeDelta = TimeDelta::minutes(2);

/// So many are listed at most; the next ones come when these are dismissed.
const MOST: u32 = 50;

/// A guest's messages on one session that could not be read.
#[derive(Serialize, ToSchema)]
#[schema(as = UnreadableMessages)]
pub(super) struct UnreadableView {
    /// The contact that wrote them.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// The session that received them.
    #[schema(value_type = String, example = "groom")]
    session: SessionName,
    /// When the newest of them was written.
    at: DateTime<Utc>,
}

/// What a person has seen on the phone: what the list showed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeenOnPhone)]
pub(crate) struct SeenOnPhone {
    /// The session whose phone was looked at.
    #[schema(value_type = schemas::SessionName)]
    pub(crate) session: SessionName,
    /// `at` of the list: what was written later stays.
    pub(crate) at: DateTime<Utc>,
}

impl From<Unreadable> for UnreadableView {
    fn from(row: Unreadable) -> Self {
        Self {
            contact: row.contact,
            session: row.session,
            at: row.at,
        }
    }
}

/// Lists guests whose messages could not be read for two minutes, oldest first: look at the phone, then dismiss them.
#[utoipa::path(
    get, path = "/unreadable-messages", operation_id = "listUnreadableMessages", tag = "contacts", security(("token" = ["read"])),
    responses((status = OK, description = "At most 50: dismiss these to see more.", body = Vec<UnreadableView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
) -> Answer<Json<Vec<UnreadableView>>> {
    let rows = unreadable(&app).await?;
    Ok(Json(rows.into_iter().map(Into::into).collect()))
}

/// Dismisses what could not be read of a contact on one session, up to a time: a person has looked at that phone. Repeating
/// changes nothing.
#[utoipa::path(
    post, path = "/contacts/{id}/dismiss-unreadable", operation_id = "dismissUnreadable", tag = "contacts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    request_body(content = SeenOnPhone, example = json!({ "session": "groom", "at": "2026-06-01T10:00:00Z" })),
    responses((status = NO_CONTENT, description = "It is dismissed.")),
)]
pub(super) async fn dismiss(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<ContactId>,
    ProblemJson(seen): ProblemJson<SeenOnPhone>,
) -> Answer<StatusCode> {
    dismiss_unreadable(&app, &caller.actor(), id, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What has been unreadable for two minutes.
pub(crate) async fn unreadable(app: &App) -> Result<Vec<Unreadable>, storage::Error> {
    app.store.unreadable(app.now() - AFTER, MOST).await
}

/// Dismisses what was seen on the phone; 404 when there is no such contact.
pub(crate) async fn dismiss_unreadable(
    app: &App,
    actor: &Actor,
    contact: ContactId,
    seen: SeenOnPhone,
) -> Answer<()> {
    let seen = Unreadable {
        contact,
        session: seen.session,
        at: seen.at,
    };
    let store = &app.store;
    let dismissed = store.dismiss_unreadable(&seen, actor, app.now()).await?;
    if !dismissed && store.contact(contact).await?.is_none() {
        return Err(unknown().into());
    }
    Ok(())
}
