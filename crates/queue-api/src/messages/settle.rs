//! `POST /messages/{id}/settle`: a person decides about a message of which nobody can say whether it left.
//!
//! The rule that must hold: "send again" never races a call that may still succeed (design §5). It waits until no call
//! of that attempt can be running any more, and asks the integration, which alone knows.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::MessageId;
use domain::message_status::MessageStatus;
use domain::outcome::Meaning;
use domain::wire::{AttemptState, OutcomeFact};
use serde::{Deserialize, Serialize};
use storage::{Actor, Finished, MessageRow, PersonVerdict};
use utoipa::ToSchema;

use super::handlers::retry_message;
use super::handlers::{done, shown, unknown, wrong_status};
use super::view::MessageDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// Longer than the call to WAHA (60 s), the worker's wait for it (70 s) and the integration's stop (75 s): design §5.
const CALLS_ARE_OVER: Duration = Duration::from_secs(75);

/// What a person found out.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It is in the chat.
    Arrived,
    /// It is not, and shall be sent again.
    SendAgain,
}

/// The decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// What became of it.
    verdict: Verdict,
}

/// Settles an uncertain message.
#[utoipa::path(
    post, path = "/messages/{id}/settle", operation_id = "settleMessage", tag = "messages",
    security(("token" = ["operate"])), params(("id" = Uuid, Path)), request_body(content = Decision, example = json!({ "verdict": "arrived" })),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_uncertain`: it is known whether it left. `call_still_running`: sent again now, it could arrive twice. `already_settled`: how it ended has just become known. `not_failed`: it has just been found to have failed, and waits again already."),
        (status = SERVICE_UNAVAILABLE, description = "`integration_away`: whether a call still runs cannot be known."),
        (status = BAD_GATEWAY, description = "`integration_failed`: the service that talks to WhatsApp gave an answer that cannot be used."),
    ),
)]
pub(super) async fn settle(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(id): ProblemPath<MessageId>,
    ProblemJson(decision): ProblemJson<Decision>,
) -> Answer<Response> {
    settle_message(&app, &caller.actor(), id, decision.verdict).await?;
    shown(&app, &caller, id).await
}

/// Settles it, unless a call may still decide by itself.
pub(crate) async fn settle_message(
    app: &App,
    actor: &Actor,
    id: MessageId,
    verdict: Verdict,
) -> Answer<()> {
    // When the call began is a time of the wall clock.
    app.follow_clock_everywhere().await?;
    let row = app.store.message(id).await?.ok_or_else(unknown)?;
    if row.status != MessageStatus::Uncertain {
        return Err(wrong_status(row.status, NOT_UNCERTAIN, NEEDS).into());
    }
    let verdict = match verdict {
        Verdict::Arrived => PersonVerdict::Arrived,
        Verdict::SendAgain => match how_it_ended(app, &row).await? {
            None => PersonVerdict::SendAgain,
            // It waits again, as the person wants it to.
            Some(Finished::PutBack(_)) => return Ok(()),
            Some(Finished::Failed(_)) => return retry_message(app, actor, id).await,
            Some(_) => return Err(known_now().into()),
        },
    };
    let changed = app
        .store
        .settle_by_person(id, verdict, actor, app.now())
        .await?;
    done(changed, NOT_UNCERTAIN, NEEDS)?;
    app.nudge.about([&row.session]);
    Ok(())
}

const NOT_UNCERTAIN: &str = "not_uncertain";
const NEEDS: &str = "only an uncertain one can be settled";

/// The end of the last attempt, which is stored here, when the integration has an answer that proves one. `None`: it has none, it forgot
/// the attempt, or it never made the call. Fails while a call may still run.
async fn how_it_ended(app: &App, row: &MessageRow) -> Answer<Option<Finished>> {
    if let Some(committed_at) = row.committed_at {
        let over = committed_at + CALLS_ARE_OVER;
        let left = (over - app.now()).to_std().unwrap_or(Duration::ZERO);
        if !left.is_zero() {
            return Err(still_running().retry_after(left).into());
        }
    }
    let Some(attempt) = row.attempt else {
        return Ok(None);
    };
    // forgotten after an hour, and nothing runs that long
    let Some(view) = app.integration.attempt(attempt).await? else {
        return Ok(None);
    };
    match view.state {
        AttemptState::NeverCalled { .. } => Ok(None),
        AttemptState::Composing | AttemptState::Ready | AttemptState::Sending => {
            Err(still_running().retry_after(Duration::from_secs(10)).into())
        }
        AttemptState::Answered(reply) => match reply.answer.meaning() {
            Meaning::Unknown => Ok(None),
            Meaning::Sent { .. }
            | Meaning::Away(_)
            | Meaning::SlowDown
            | Meaning::Restricted { .. }
            | Meaning::ContactRefused
            | Meaning::Failed(_) => {
                let outcome = OutcomeFact { attempt, reply };
                let (rules, now, mut dice) = (app.rules().await?, app.now(), app.rng());
                let finished = app
                    .store
                    .record_outcome(&row.session, &outcome, &rules, now, &mut dice)
                    .await?;
                app.nudge.about([&row.session]);
                Ok(Some(finished))
            }
        },
    }
}

fn still_running() -> Problem {
    Problem::conflict(
        "call_still_running",
        "The call that may send this message can still be running, and sending it again could send it twice; try later.",
    )
}

fn known_now() -> Problem {
    Problem::conflict(
        "already_settled",
        "How this message ended has just become known, so there is nothing left to decide; read it again.",
    )
}
