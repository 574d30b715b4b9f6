//! `GET /sessions`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::SessionView;
use crate::app::Shared;
use crate::auth::{Caller, Read};
use crate::problem::Answer;

/// Every session.
#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
pub(super) struct SessionsView {
    /// By name.
    items: Vec<SessionView>,
}

/// Lists the sessions.
#[utoipa::path(
    get,
    path = "/sessions",
    operation_id = "listSessions",
    tag = "sessions",
    security(("token" = ["read"])),
    responses((status = OK, description = "Every session.", body = SessionsView)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    caller: Caller<Read>,
) -> Answer<Json<SessionsView>> {
    let mut items = Vec::new();
    for row in app.store.sessions().await? {
        items.push(SessionView::of(&app, row, &caller).await?);
    }
    Ok(Json(SessionsView { items }))
}
