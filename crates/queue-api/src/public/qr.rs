//! `GET /i/{token}/qr.svg` and `/qr.png`: what is printed, for whoever has the link.

use axum::extract::State;
use axum::response::Response;

use super::door::{Presented, Shut, open};
use crate::app::Shared;
use crate::invitation::{png_of, svg_of};
use crate::schemas;

/// Gives the QR code of an invitation as SVG.
#[utoipa::path(
    get, path = "/i/{token}/qr.svg", operation_id = "readInvitationPageSvg", tag = "invitations", security(()),
    params(("token" = inline(schemas::InvitationCode), Path, description = "The token of an invitation.")),
    responses((status = OK, description = "The picture.", body = String, content_type = "image/svg+xml")),
)]
pub(super) async fn svg(State(app): State<Shared>, presented: Presented) -> Result<Response, Shut> {
    let (_, link) = open(&app, presented).await?;
    svg_of(&link).map_err(Shut::Failed)
}

/// Gives the QR code of an invitation as PNG.
#[utoipa::path(
    get, path = "/i/{token}/qr.png", operation_id = "readInvitationPagePng", tag = "invitations", security(()),
    params(("token" = inline(schemas::InvitationCode), Path, description = "The token of an invitation.")),
    responses((status = OK, description = "The picture.", body = [u8], content_type = "image/png")),
)]
pub(super) async fn png(State(app): State<Shared>, presented: Presented) -> Result<Response, Shut> {
    let (_, link) = open(&app, presented).await?;
    png_of(&link).map_err(Shut::Failed)
}
