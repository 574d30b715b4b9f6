//! `POST /sessions/{session}/cancel`: ends a composition before its send.

use std::sync::Arc;

use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::CancelRequest;
use http::StatusCode;

use crate::app::App;

/// 204 when the attempt will never call; 409 `already_called` when it has, or does.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<CancelRequest>,
) -> Result<StatusCode, Problem> {
    let session = app.session(&name)?;
    session.attempts.cancel(request.attempt, request.epoch)?;
    Ok(StatusCode::NO_CONTENT)
}
