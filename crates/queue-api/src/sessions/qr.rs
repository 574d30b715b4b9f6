//! `GET /sessions/{name}/qr` and `/qr.png`: the code that links the phone. It is a login: it is never stored or cached.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use http::header;
use serde::Serialize;
use utoipa::ToSchema;

use super::find;
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// The text of a QR code.
#[derive(Serialize, ToSchema)]
#[schema(as = Qr)]
pub(super) struct QrView {
    /// Encode it as it is. It changes every few seconds.
    text: String,
}

/// Gives the QR code's text.
#[utoipa::path(
    get,
    path = "/sessions/{name}/qr",
    operation_id = "readQrText",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The text to encode.", body = QrView),
        (status = CONFLICT, description = "`not_waiting_for_scan`: there is no code now.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn text(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, &name).await?;
    let text = app.integration.qr(&row.name).await?.text;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(QrView { text })))
}

/// Gives the QR code as a picture.
#[utoipa::path(
    get,
    path = "/sessions/{name}/qr.png",
    operation_id = "readQrPicture",
    tag = "sessions",
    security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The picture to scan.", body = [u8], content_type = "image/png"),
        (status = CONFLICT, description = "`not_waiting_for_scan`: there is no code now.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such session.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn png(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, &name).await?;
    let picture = app.integration.qr_png(&row.name).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, picture))
}
