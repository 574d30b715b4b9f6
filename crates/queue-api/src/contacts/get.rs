//! `GET /contacts/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use chrono::{DateTime, Utc};
use domain::ids::ContactId;
use domain::session::SessionName;
use serde::Serialize;
use storage::{ContactRow, ContactSessionRow};
use utoipa::ToSchema;

use crate::app::{App, Shared};
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// One WhatsApp identity.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
pub(super) struct ContactView {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: ContactId,
    /// Its phone number, when it is known.
    #[schema(example = "+39 347 000 0001")]
    phone: Option<String>,
    /// When they asked for no more messages.
    opted_out_at: Option<DateTime<Utc>>,
    /// When they wrote something that may mean "no more": automatic messages wait until somebody opts them out or in.
    suspended_at: Option<DateTime<Utc>>,
    /// The guests who share it.
    guests: Vec<String>,
    /// What passed between it and each session.
    sessions: Vec<ContactSessionView>,
}

/// What passed between a contact and a session.
#[derive(Serialize, ToSchema)]
#[schema(as = ContactSession)]
struct ContactSessionView {
    /// The session.
    #[schema(value_type = String)]
    session: SessionName,
    /// When they wrote last. Absent: they have not, so nothing is sent to them.
    last_in_at: Option<DateTime<Utc>>,
    /// When something was sent to them last.
    last_out_at: Option<DateTime<Utc>>,
    /// How many messages they got since they wrote.
    unanswered: u32,
}

/// Shows a contact.
#[utoipa::path(
    get,
    path = "/contacts/{id}",
    operation_id = "readContact",
    tag = "contacts",
    security(("token" = ["read"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The contact.", body = ContactView),
        (status = NOT_FOUND, description = "There is no such contact.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<ContactId>,
) -> Answer<Json<ContactView>> {
    shown(&app, id).await
}

/// The contact as it is now.
pub(super) async fn shown(app: &App, id: ContactId) -> Answer<Json<ContactView>> {
    let row = app.store.contact(id).await?.ok_or_else(unknown)?;
    Ok(Json(row.into()))
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no contact with this id.")
}

impl From<ContactRow> for ContactView {
    fn from(row: ContactRow) -> Self {
        Self {
            id: row.id,
            phone: row.phone.map(|phone| phone.international()),
            opted_out_at: row.opted_out_at,
            suspended_at: row.suspended_at,
            guests: row.guests,
            sessions: row.sessions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ContactSessionRow> for ContactSessionView {
    fn from(row: ContactSessionRow) -> Self {
        Self {
            session: row.session,
            last_in_at: row.last_in_at,
            last_out_at: row.last_out_at,
            unanswered: row.unanswered,
        }
    }
}
