//! `GET /i/{token}`: the back of the letter.

use axum::extract::State;
use axum::response::Response;

use super::door::{Presented, Shut, open};
use super::page;
use crate::app::Shared;

pub(super) async fn letter(
    State(app): State<Shared>,
    presented: Presented,
) -> Result<Response, Shut> {
    let (letter, link) = open(&app, presented).await?;
    Ok(page::letter(&letter, &link))
}
