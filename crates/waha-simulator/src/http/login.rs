//! Logging in: the QR in its three forms, and pairing codes (WAHA §3).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use qr_picture::QrPicture;
use serde_json::json;

use super::answer::{created, ok};
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::ids;
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::session::{CodeAsked, Status};

/// Pixels per module, as recorded.
const PIXELS: usize = 4;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/{session}/auth/qr", get(qr))
        .route("/api/{session}/auth/request-code", post(request_code))
}

/// JSON only for an Accept of exactly `application/json`; everything else gets the picture (recorded).
async fn qr(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    waha.hold_until(&name, Status::ScanQrCode).await?;
    waha.note(&name, RecordedCall::QrRead);
    let text = waha.look(&name, |session| session.qr.clone()).flatten();
    if call.query.get("format").map(String::as_str) == Some("raw") {
        return Ok(ok(
            &text.map_or_else(|| json!({}), |text| json!({"value": text}))
        ));
    }
    let picture = text.and_then(|text| QrPicture::of(&text).ok());
    let png = picture.map_or_else(Vec::new, |picture| picture.png(PIXELS));
    if call.accept.as_deref() == Some("application/json") {
        return Ok(ok(
            &json!({"mimetype": "image/png", "data": STANDARD.encode(png)}),
        ));
    }
    Ok(([(CONTENT_TYPE, "image/png")], png).into_response())
}

async fn request_code(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    session_name(waha.profile(), Some(&name))?;
    let status = waha.running_or_404(&name)?;
    if call.text("method").is_some() {
        let engine = waha.profile().engine_name();
        return Err(Refusal::unprocessable(format!(
            "{engine} engine doesn't support any 'method', remove it and try again"
        )));
    }
    if status != Status::ScanQrCode {
        return Err(Refusal::unprocessable(format!(
            "Can request code only in SCAN_QR_CODE status. The current status is {}",
            status.as_str()
        )));
    }
    let number = call.text("phoneNumber").unwrap_or_default();
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    let code = waha.roll(ids::pairing_code);
    waha.note(&name, RecordedCall::CodeRequested);
    waha.change(&name, |session| {
        session.code_asked = Some(CodeAsked {
            number,
            code: code.clone(),
        });
    });
    Ok(created(&json!({"code": code})))
}
