//! Why something was not done with a broadcast, and what to do: one exhaustive map for each thing that can be refused.

use chassis::Problem;
use domain::broadcast::{BroadcastState, Plan, RenderError};
use serde_json::{Value, json};
use storage::{
    BroadcastChanged, BroadcastRow, BroadcastStart, BroadcastSteered, BroadcastTrial, Steered,
};

use super::draft::{Mistakes, NO_TIME_LEFT};
use crate::app::App;
use crate::precondition::version_conflict;

/// 404: no such broadcast.
pub(super) fn unknown() -> Problem {
    Problem::not_found("There is no broadcast with this id.")
}

/// 409 `not_a_draft`.
pub(super) fn not_a_draft(state: BroadcastState) -> Problem {
    let detail = format!(
        "The broadcast is {state}, and only a draft can be changed, tried or thrown away. Change its copies one by one, \
         or cancel the rest and write a new one."
    );
    Problem::conflict("not_a_draft", detail).with("state", state.as_str())
}

pub(super) fn changed(changed: BroadcastChanged) -> Result<BroadcastRow, Problem> {
    match changed {
        BroadcastChanged::Done(row) => Ok(*row),
        BroadcastChanged::Unknown => Err(unknown()),
        BroadcastChanged::Conflict { current_version } => Err(version_conflict(current_version)),
        BroadcastChanged::WrongState(state) => Err(not_a_draft(state)),
        BroadcastChanged::NoTimeLeft => {
            let mut mistakes = Mistakes::default();
            mistakes.note("not_after", NO_TIME_LEFT);
            Err(mistakes.refused("Nothing was changed."))
        }
    }
}

pub(super) fn steered(steered: BroadcastSteered) -> Result<Steered, Problem> {
    match steered {
        BroadcastSteered::Done(steered) => Ok(*steered),
        BroadcastSteered::Unknown => Err(unknown()),
        BroadcastSteered::Conflict { current_version } => Err(version_conflict(current_version)),
        BroadcastSteered::WrongState(state) => {
            let detail = match state {
                BroadcastState::Draft => {
                    "The broadcast was not started: nothing of it is in the queue. Start it, or delete the draft."
                }
                BroadcastState::Cancelled => {
                    "The broadcast was cancelled, for good. Write a new one."
                }
                BroadcastState::Started | BroadcastState::Paused => {
                    "In this state that cannot be done: read the broadcast again."
                }
            };
            Err(Problem::conflict("wrong_broadcast_state", detail).with("state", state.as_str()))
        }
    }
}

pub(super) fn not_started(start: BroadcastStart) -> Problem {
    match start {
        BroadcastStart::Unknown => unknown(),
        BroadcastStart::Conflict { current_version } => version_conflict(current_version),
        BroadcastStart::Cancelled => Problem::conflict(
            "wrong_broadcast_state",
            "The broadcast was cancelled, for good. Write a new one.",
        )
        .with("state", BroadcastState::Cancelled.as_str()),
        BroadcastStart::Expired => Problem::unprocessable(
            "broadcast_expired",
            "Nothing was queued: its last moment has passed. Choose a later `not_after`.",
        ),
        BroadcastStart::Nobody => Problem::unprocessable(
            "nobody_to_write_to",
            "Nothing was queued: there is nobody whom it is for and who can get it. Its audience says who is left out and why.",
        ),
        BroadcastStart::Unwritten(plan) => unwritten(&plan),
        // not refusals
        BroadcastStart::Done(_) | BroadcastStart::Already(_) => Problem::internal(),
    }
}

/// More contacts than this are not listed.
const MOST_LISTED: usize = 100;

/// 422 `missing_values`: for whom what is missing.
fn unwritten(plan: &Plan) -> Problem {
    let count = plan.unwritten().count();
    let listed: Vec<Value> = plan
        .unwritten()
        .take(MOST_LISTED)
        .map(|(copy, error)| {
            json!({
                "contact": copy.contact,
                "guests": copy.guests.iter().map(|(_, name)| name).collect::<Vec<_>>(),
                "placeholder": placeholder(error),
                "sentence": error.to_string(),
            })
        })
        .collect();
    let first = plan.unwritten().next();
    let first = first.map_or_else(String::new, |(_, error)| error.to_string());
    let detail = format!(
        "Nothing was queued: {count} of {} copies cannot be written, listed in `missing`. Of the first: {first}.",
        plan.copies.len()
    );
    Problem::unprocessable("missing_values", detail).with("missing", listed)
}

/// The placeholder whose value is missing, if that is why.
pub(super) const fn placeholder(error: RenderError) -> Option<&'static str> {
    match error {
        RenderError::Missing(placeholder) => Some(placeholder.as_str()),
        RenderError::Text(_) => None,
    }
}

pub(super) fn not_tried(app: &App, trial: &BroadcastTrial) -> Problem {
    match trial {
        BroadcastTrial::Unknown => unknown(),
        BroadcastTrial::WrongState(state) => not_a_draft(*state),
        BroadcastTrial::NotInAudience => Problem::unprocessable(
            "not_in_audience",
            "Nothing was queued: this contact gets no copy. Choose one of those in the broadcast's audience.",
        )
        .field("of", "gets no copy of this broadcast"),
        BroadcastTrial::Unwritten(error) => {
            let detail = format!("Nothing was queued: of this contact {error}.");
            Problem::unprocessable("missing_values", detail).with("placeholder", placeholder(*error))
        }
        BroadcastTrial::UnknownContact => Problem::unprocessable(
            "unknown_contact",
            "Nothing was queued: there is no contact with the id in `to`.",
        )
        .field("to", "there is no contact with this id"),
        BroadcastTrial::HasNotWritten => {
            let detail = format!(
                "Nothing was queued: nobody is written to who has not written first, not even you. Write any word from that \
                 phone to the number of {}, and try again.",
                app.session_list().replace(", ", " or ")
            );
            Problem::conflict("contact_has_not_written", detail)
        }
        BroadcastTrial::OptedOut => Problem::conflict(
            "contact_opted_out",
            "Nothing was queued: this contact wants no messages. Choose another one, or let it in again first.",
        ),
        // not a refusal
        BroadcastTrial::Queued(_) => Problem::internal(),
    }
}
