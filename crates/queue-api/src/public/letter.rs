//! `GET /i/{token}`: the back of the letter.

use axum::extract::State;
use axum::response::Response;

use super::door::{Presented, Shut, open};
use super::page;
use crate::app::Shared;
use crate::schemas;

/// Shows an invitation.
#[utoipa::path(
    get, path = "/i/{token}", operation_id = "readInvitationPage", tag = "invitations", security(()),
    params(("token" = inline(schemas::InvitationCode), Path, description = "The token of an invitation.")),
    responses((status = OK, description = "The page, with the button that opens the chat.", body = String, content_type = "text/html; charset=utf-8")),
)]
pub(super) async fn letter(
    State(app): State<Shared>,
    presented: Presented,
) -> Result<Response, Shut> {
    let (letter, link) = open(&app, presented).await?;
    Ok(page::letter(&letter, &link))
}
