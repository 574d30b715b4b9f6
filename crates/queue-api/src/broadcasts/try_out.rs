//! `POST /broadcasts/{id}/try`: "send it to yourself first".

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::{BroadcastId, ContactId, MessageId};
use domain::session::SessionName;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::steering::{self, Tried};
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Whose copy, and who looks at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BroadcastTrial)]
pub(super) struct Trial {
    /// The contact whose copy it is.
    #[schema(value_type = Uuid)]
    of: ContactId,
    /// The contact who gets it: one that has written, such as the other spouse's own phone.
    #[schema(value_type = Uuid)]
    to: ContactId,
}

/// A copy that is on its way to be looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = TriedBroadcast)]
pub(super) struct TriedView {
    /// The message, which belongs to no broadcast.
    #[schema(value_type = Uuid)]
    message: MessageId,
    /// Whose WhatsApp sends it.
    #[schema(value_type = String)]
    session: SessionName,
}

/// Sends one contact's copy of a draft to another contact, as a message of its own, to see it on a phone first.
#[utoipa::path(
    post,
    path = "/broadcasts/{id}/try",
    operation_id = "tryBroadcast",
    tag = "broadcasts",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Trial,
    responses(
        (status = CREATED, description = "It is queued, and goes by the usual rules.", body = TriedView),
        (status = NOT_FOUND, description = "There is no such broadcast.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`contact_has_not_written`: write a word from that phone first. `contact_opted_out`. `not_a_draft`.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was queued. `not_in_audience`, `missing_values`, `unknown_contact`.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn try_out(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    ProblemJson(Trial { of, to }): ProblemJson<Trial>,
) -> Answer<impl IntoResponse> {
    let Tried { message, session } = steering::try_out(&app, &caller.actor(), id, of, to).await?;
    let location = [(header::LOCATION, format!("/api/v1/messages/{message}"))];
    let view = Json(TriedView { message, session });
    Ok((StatusCode::CREATED, location, view))
}
