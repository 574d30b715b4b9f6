//! `POST /contacts/{id}/opt-out` and `/opt-in`: a person's word about writing to somebody, with a reason for the audit log.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::ContactId;
use serde::Deserialize;
use storage::{Actor, ContactDecision};
use utoipa::ToSchema;

use super::get::{ContactView, shown, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Characters of a reason.
const LONGEST: usize = 500;

/// Why somebody decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// In a few words; kept in the audit log. No number and nothing that the contact wrote.
    #[schema(
        example = "She told us on the phone.",
        min_length = 1,
        max_length = 500
    )]
    reason: String,
}

impl Because {
    fn checked(self) -> Answer<String> {
        let reason = self.reason.trim().to_owned();
        if (1..=LONGEST).contains(&reason.chars().count()) {
            return Ok(reason);
        }
        let sentence = "Say why, in 1 to 500 characters: the audit log keeps it.";
        Err(Problem::unprocessable("reason_missing", sentence).into())
    }
}

/// Stops all messages to a contact, on every session, and cancels what waits.
#[utoipa::path(
    post,
    path = "/contacts/{id}/opt-out",
    operation_id = "optContactOut",
    tag = "contacts",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Because,
    responses(
        (status = OK, description = "Nothing is sent to them any more.", body = ContactView),
        (status = NOT_FOUND, description = "There is no such contact.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "A reason is needed.", body = Problem, content_type = "application/problem+json"),
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
    post,
    path = "/contacts/{id}/opt-in",
    operation_id = "optContactIn",
    tag = "contacts",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Because,
    responses(
        (status = OK, description = "They may be written to again. What was cancelled stays cancelled.", body = ContactView),
        (status = NOT_FOUND, description = "There is no such contact.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "A reason is needed.", body = Problem, content_type = "application/problem+json"),
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
