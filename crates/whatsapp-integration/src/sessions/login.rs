//! QR and pairing code: as good as the login itself, so they are never logged, stored or cached.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{PairingCodeReply, PairingCodeRequest, QrReply};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use waha::WahaError;

use crate::app::App;
use crate::problem::of_waha;

const NO_STORE: (http::HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// `GET /sessions/{session}/qr`.
pub(crate) async fn qr(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Result<Response, Problem> {
    let found = app.session(&name)?.waha.qr_text().await.map_err(of_waha)?;
    let text = found.ok_or_else(not_waiting)?;
    Ok(([NO_STORE], Json(QrReply { text })).into_response())
}

/// `GET /sessions/{session}/qr.png`.
pub(crate) async fn qr_png(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Result<Response, Problem> {
    let found = app.session(&name)?.waha.qr_png().await.map_err(of_waha)?;
    let png = found.ok_or_else(not_waiting)?;
    Ok(([NO_STORE, (CONTENT_TYPE, "image/png")], png).into_response())
}

/// `POST /sessions/{session}/pairing-code`.
pub(crate) async fn pairing_code(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<PairingCodeRequest>,
) -> Result<Response, Problem> {
    let digits = request.phone.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=15).contains(&digits) {
        let detail = "Give the own number with its country code, 7 to 15 digits.";
        return Err(
            Problem::unprocessable("invalid_phone", detail).field("phone", "not a phone number")
        );
    }
    let code = match app.session(&name)?.waha.pairing_code(&request.phone).await {
        Ok(code) => code,
        Err(WahaError::SessionAway { .. } | WahaError::SessionMissing) => return Err(not_waiting()),
        Err(error) => return Err(of_waha(error)),
    };
    Ok(([NO_STORE], Json(PairingCodeReply { code })).into_response())
}

fn not_waiting() -> Problem {
    Problem::conflict(
        "not_waiting_for_scan",
        "The session shows no QR code now: it is connected, starting, or must be restarted first.",
    )
}
