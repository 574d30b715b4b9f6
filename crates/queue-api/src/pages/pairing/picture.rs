//! The QR code as a picture.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::header;

use crate::app::Shared;
use crate::pages::refusal::Shown;
use crate::sessions;

pub(super) async fn qr(State(app): State<Shared>, Path(session): Path<String>) -> Shown {
    let row = sessions::find(&app, &session).await?;
    let picture = app.integration.qr_png(&row.name).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, picture).into_response())
}
