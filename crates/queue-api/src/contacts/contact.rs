//! `GET /contacts/{id}`, and `POST /contacts/{id}/opt-out` and `/opt-in`: a person's decision, with a reason for the audit log.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use chrono::{DateTime, Utc};
use domain::ids::ContactId;
use domain::session::SessionName;
use serde::{Deserialize, Serialize};
use storage::{Actor, ContactDecision, ContactRow, ContactSessionRow};
use utoipa::ToSchema;

use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::problem::Answer;
use crate::short_text::{LONGEST_REASON, trimmed};

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
    /// How many messages they got since they wrote or reacted.
    unanswered: u32,
}

/// Shows a contact.
#[utoipa::path(
    get, path = "/contacts/{id}", operation_id = "readContact", tag = "contacts", security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The contact.", body = ContactView)),
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

/// Why somebody decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// In a few words; kept in the audit log. No number and nothing that the contact wrote.
    #[schema(value_type = crate::schemas::Reason)]
    reason: String,
}

impl Because {
    fn checked(self) -> Answer<String> {
        if let Some(reason) = trimmed(&self.reason, LONGEST_REASON) {
            return Ok(reason.to_owned());
        }
        let sentence = "Say why, in 1 to 500 characters without a NUL: the audit log keeps it.";
        Err(Problem::unprocessable("reason_missing", sentence).into())
    }
}

/// Stops all messages to a contact, on every session, and cancels what waits.
#[utoipa::path(
    post, path = "/contacts/{id}/opt-out", operation_id = "optContactOut", tag = "contacts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)), request_body(content = Because, example = json!({ "reason": "She told us on the phone." })),
    responses(
        (status = OK, description = "Nothing is sent to them any more.", body = ContactView),
        (status = UNPROCESSABLE_ENTITY, description = "`reason_missing`: say why."),
    ),
)]
pub(super) async fn opt_out(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<ContactId>,
    ProblemJson(because): ProblemJson<Because>,
) -> Answer<Json<ContactView>> {
    decide(&app, &caller, id, ContactDecision::OptOut, because).await
}

/// Lets messages to a contact go again, after an opt-out or after words that may have meant one.
#[utoipa::path(
    post, path = "/contacts/{id}/opt-in", operation_id = "optContactIn", tag = "contacts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)), request_body(content = Because, example = json!({ "reason": "She told us on the phone." })),
    responses(
        (status = OK, description = "They may be written to again. What was cancelled stays cancelled.", body = ContactView),
        (status = UNPROCESSABLE_ENTITY, description = "`reason_missing`: say why."),
    ),
)]
pub(super) async fn opt_in(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<ContactId>,
    ProblemJson(because): ProblemJson<Because>,
) -> Answer<Json<ContactView>> {
    decide(&app, &caller, id, ContactDecision::OptIn, because).await
}

async fn decide(
    app: &App,
    caller: &Caller<Enqueue>,
    id: ContactId,
    decision: ContactDecision,
    because: Because,
) -> Answer<Json<ContactView>> {
    decide_contact(app, &caller.actor(), id, decision, because.reason).await?;
    shown(app, id).await
}

/// Decides about a contact, with a reason.
pub(crate) async fn decide_contact(
    app: &App,
    actor: &Actor,
    id: ContactId,
    decision: ContactDecision,
    reason: String,
) -> Answer<()> {
    let reason = Because { reason }.checked()?;
    let store = &app.store;
    let known = store.decide_contact(id, decision, &reason, actor, app.now());
    if !known.await? {
        return Err(unknown().into());
    }
    app.nudge.about(app.sessions());
    Ok(())
}
