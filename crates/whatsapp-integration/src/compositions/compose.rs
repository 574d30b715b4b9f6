//! `POST /sessions/{session}/compose`: starts the visible part, and streams how it goes.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::pacing::Plan;
use domain::session::SessionName;
use domain::wire::ComposeRequest;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::actor::Actor;
use super::lines::lines;
use crate::app::App;

/// No step of a plan is longer than this: a day of typing is a mistake of the caller, not a person.
const LONGEST_STEP: Duration = Duration::from_mins(10);

/// The composition runs in a task of its own; dropping the answer only tells it that nobody waits any more.
pub(crate) async fn compose(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<ComposeRequest>,
) -> Result<Response, Problem> {
    check(&request.plan)?;
    let session = app.session(&name)?;
    let ticket = session
        .attempts
        .open(request.attempt, request.epoch, request.chat.clone())?;
    let (tell, stream) = lines();
    let actor = Actor::new(&app, session, ticket, request, tell);
    app.work.spawn(actor.perform());
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

fn check(plan: &Plan) -> Result<(), Problem> {
    let steps = [plan.reading_ms, plan.typing_ms, plan.pause_ms];
    if steps
        .into_iter()
        .any(|ms| Duration::from_millis(ms) > LONGEST_STEP)
    {
        return Err(Problem::unprocessable(
            "plan_too_long",
            "A step of the plan is longer than ten minutes; draw a shorter plan.",
        ));
    }
    Ok(())
}
