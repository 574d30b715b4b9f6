//! `GET /config`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

use super::ConfigView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::precondition::etag;
use crate::problem::Answer;

/// Shows the settings.
#[utoipa::path(
    get, path = "/config", operation_id = "readSettings", tag = "settings", security(("token" = ["read"])),
    responses((status = OK, description = "The settings; their version is in `ETag` too.", body = ConfigView)),
)]
pub(super) async fn get(State(app): State<Shared>, _: Caller<Read>) -> Answer<impl IntoResponse> {
    let (config, version) = app.store.config().await?;
    Ok((etag(version), Json(ConfigView { version, config })))
}
