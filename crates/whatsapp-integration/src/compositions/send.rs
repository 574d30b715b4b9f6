//! `POST /sessions/{session}/send`: the one call. The composition makes it, not this request, so a client that goes
//! away changes nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{SendReply, SendRequest};
use tokio::sync::oneshot;

use crate::app::App;

/// Answers as soon as WAHA has. 409 `not_ready` proves that this request sent nothing.
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<SendRequest>,
) -> Result<Json<SendReply>, Problem> {
    let session = app.session(&name)?;
    let (waiter, answered) = oneshot::channel();
    session
        .attempts
        .call(request.attempt, request.epoch, waiter)?;
    let reply = answered.await.map_err(|_| Problem::internal())?;
    Ok(Json(reply))
}
