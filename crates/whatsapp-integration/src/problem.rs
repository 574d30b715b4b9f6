//! WAHA's failures as answers to our callers. The one place that maps them.

use chassis::Problem;
use http::StatusCode;
use waha::WahaError;

/// The problem document of a failed WAHA call. Not an `Into`: both types are of other crates.
pub(crate) fn of_waha(error: WahaError) -> Problem {
    let detail = format!("{error}.");
    match error {
        WahaError::Refused | WahaError::Broken => Problem::unavailable("waha_away", detail),
        // it may be away, or what was asked for may be more than it can do
        WahaError::TimedOut => Problem::unavailable("waha_timed_out", detail),
        WahaError::Unauthorized => bad_gateway("key_refused", detail),
        WahaError::SessionAway { status } => {
            Problem::unavailable("session_away", detail).with("waha_status", status)
        }
        WahaError::SessionMissing | WahaError::OnlyDefaultSession => {
            Problem::unavailable("session_missing", detail)
        }
        WahaError::NotFound => Problem::not_found(detail),
        WahaError::NotImplemented => {
            Problem::new(StatusCode::NOT_IMPLEMENTED, "not_supported").detail(detail)
        }
        WahaError::StoreOff => Problem::unavailable("store_off", detail),
        WahaError::Rejected { status, .. } => {
            bad_gateway("waha_rejected", detail).with("waha_http_status", status)
        }
        WahaError::Unreadable => bad_gateway("waha_unreadable", detail),
    }
}

fn bad_gateway(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, code).detail(detail)
}
