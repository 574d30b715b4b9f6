//! `POST /sessions/{session}/fence`: a new holder takes the session over.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{FenceReply, FenceRequest};

use crate::app::App;

pub(crate) async fn fence(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<FenceRequest>,
) -> Result<Json<FenceReply>, Problem> {
    let running = app.session(&name)?.attempts.fence(request.epoch)?;
    Ok(Json(FenceReply { running }))
}
