//! `GET /i/{token}/qr.svg` and `/qr.png`: what is printed, for whoever has the link.

use axum::extract::State;
use axum::response::Response;

use super::door::{Presented, Shut, open};
use crate::app::Shared;
use crate::invitation::{png_of, svg_of};

pub(super) async fn svg(State(app): State<Shared>, presented: Presented) -> Result<Response, Shut> {
    let (_, link) = open(&app, presented).await?;
    svg_of(&link).map_err(Shut::Failed)
}

pub(super) async fn png(State(app): State<Shared>, presented: Presented) -> Result<Response, Shut> {
    let (_, link) = open(&app, presented).await?;
    png_of(&link).map_err(Shut::Failed)
}
