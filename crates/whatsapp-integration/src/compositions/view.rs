//! `GET /attempts/{attempt}`: what is known of an attempt, for an hour.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::AttemptId;
use domain::wire::AttemptView;

use crate::app::App;

pub(crate) async fn attempt(
    State(app): State<Arc<App>>,
    ProblemPath(attempt): ProblemPath<AttemptId>,
) -> Result<Json<AttemptView>, Problem> {
    let unknown = || Problem::not_found("No such attempt is remembered; after an hour none is.");
    let state = app.attempt(attempt).ok_or_else(unknown)?;
    Ok(Json(AttemptView { attempt, state }))
}
