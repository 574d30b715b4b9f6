//! `POST /guests/{id}/erase`: everything that tells who a guest was and what was said goes.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::GuestId;
use http::StatusCode;
use serde::Deserialize;
use storage::Erased;
use utoipa::ToSchema;

use super::checks::{LONGEST, is_text};
use crate::app::Shared;
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Why a guest is erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Erasing {
    /// In a few words; kept in the audit log. No name and no number.
    #[schema(example = "They asked for it.", min_length = 1, max_length = 200)]
    reason: String,
}

/// Erases a guest with all that was said, on every session; what waits for them is cancelled. Slots that were used for them stay
/// counted. Who shares the number with another guest is only taken off the list.
#[utoipa::path(
    post,
    path = "/guests/{id}/erase",
    operation_id = "eraseGuest",
    tag = "guests",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Erasing,
    responses(
        (status = NO_CONTENT, description = "They are gone."),
        (status = NOT_FOUND, description = "There is no such guest.", body = Problem, content_type = "application/problem+json"),
        (status = CONFLICT, description = "`message_under_way` or `message_in_doubt`: nothing was erased.", body = Problem, content_type = "application/problem+json"),
        (status = UNPROCESSABLE_ENTITY, description = "A reason is needed.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn erase(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
    ProblemJson(Erasing { reason }): ProblemJson<Erasing>,
) -> Answer<StatusCode> {
    let why = reason.trim();
    if why.is_empty() || !is_text(why) {
        let sentence = format!("Say why, in 1 to {LONGEST} characters: the audit log keeps it.");
        return Err(Problem::unprocessable("reason_missing", sentence).into());
    }
    let actor = caller.actor();
    let erased = app.store.erase_guest(id, why, &actor, app.now());
    match erased.await? {
        Erased::Done => Ok(StatusCode::NO_CONTENT),
        Erased::Unknown => Err(super::unknown().into()),
        Erased::UnderWay(message) => Err(Problem::conflict(
            "message_under_way",
            format!("Message {message} to them is leaving at this moment: try again in a minute."),
        )
        .into()),
        Erased::InDoubt(message) => Err(Problem::conflict(
            "message_in_doubt",
            format!("Nobody knows whether message {message} reached them: settle it first."),
        )
        .into()),
    }
}
