//! Logging in: QR and pairing code (WAHA §3). Both are as good as the login itself: never log or
//! store them.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::client::{Call, Waha};
use crate::error::WahaError;
use crate::route::Route;

const PNG: &[u8] = b"\x89PNG";

#[derive(Deserialize)]
struct RawQr {
    /// None between two codes.
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize)]
struct PairingCode {
    code: String,
}

impl Waha {
    /// The text of the QR that is valid now; to be drawn as it is. `None` while there is none: in
    /// another status than `SCAN_QR_CODE` (WAHA waits 5–15 s before it says so).
    pub async fn qr_text(&self) -> Result<Option<String>, WahaError> {
        let call = Call::get(self.qr_route().query("format", "raw"));
        let qr: Option<RawQr> = none_when_away(self.read(call).await)?;
        Ok(qr.and_then(|qr| qr.value))
    }

    /// The same as a PNG.
    pub async fn qr_png(&self) -> Result<Option<Bytes>, WahaError> {
        // an Accept of exactly `application/json` would bring JSON
        let call = Call::get(self.qr_route().query("format", "image")).accepting("image/png");
        match none_when_away(self.make(call).await.map_err(WahaError::from))? {
            Some(png) if png.is_empty() => Ok(None),
            Some(png) if !png.starts_with(PNG) => Err(WahaError::Unreadable),
            png => Ok(png),
        }
    }

    /// A code to type on the phone with that number (digits with country code), instead of
    /// scanning.
    pub async fn pairing_code(&self, phone: &str) -> Result<String, WahaError> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let route = self.auth_route().part("request-code");
        let answer: PairingCode = self
            .read(Call::post(route, &json!({"phoneNumber": digits})))
            .await?;
        Ok(answer.code)
    }

    fn auth_route(&self) -> Route {
        Route::within(self.session_name()).part("auth")
    }

    fn qr_route(&self) -> Route {
        self.auth_route().part("qr")
    }
}

/// A session that is in another status, or does not exist, has no QR.
fn none_when_away<T>(answer: Result<T, WahaError>) -> Result<Option<T>, WahaError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(WahaError::SessionAway { .. } | WahaError::SessionMissing) => Ok(None),
        Err(error) => Err(error),
    }
}
