//! Linking an account that WhatsApp asks for a passkey (WAHA §3). Challenge and assertion are login secrets: they pass through
//! byte for byte, and are never logged or stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::client::{Call, Waha};
use crate::error::WahaError;
use crate::route::Route;

/// The life of a challenge that does not tell its own, in milliseconds.
const USUAL_TIMEOUT: u64 = 60_000;

/// What is to be signed: the options of `navigator.credentials.get`. `Debug` shows nothing of them.
#[derive(Clone, Debug)]
pub struct PasskeyChallenge {
    options: SecretString,
    challenge: SecretString,
    timeout_ms: u64,
}

/// What a passkey made of a challenge. `Debug` shows nothing of it.
#[derive(Clone, Debug)]
pub struct PasskeyAssertion {
    json: SecretString,
    challenge: SecretString,
}

/// The text is not the assertion of a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("this is not the answer of a passkey")]
pub struct BadAssertion;

#[derive(Deserialize)]
struct Options {
    challenge: SecretString,
    #[serde(default)]
    timeout: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    id: SecretString,
    raw_id: SecretString,
    #[serde(rename = "type")]
    kind: String,
    response: AssertionResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: SecretString,
    authenticator_data: SecretString,
    signature: SecretString,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: SecretString,
}

#[derive(Deserialize)]
struct Confirmation {
    code: String,
}

impl PasskeyChallenge {
    fn read(body: &Bytes) -> Result<Self, WahaError> {
        let options: Options = serde_json::from_slice(body).map_err(|_| WahaError::Unreadable)?;
        let text = String::from_utf8(body.to_vec()).map_err(|_| WahaError::Unreadable)?;
        Ok(Self {
            options: text.into(),
            challenge: options.challenge,
            timeout_ms: options.timeout.as_u64().unwrap_or(USUAL_TIMEOUT),
        })
    }

    /// The options as JSON, exactly as WAHA gave them.
    pub fn options(&self) -> &str {
        self.options.expose_secret()
    }

    /// The random value in the options.
    pub fn challenge(&self) -> &str {
        self.challenge.expose_secret()
    }

    /// How long the challenge lives from its making, in milliseconds.
    pub const fn timeout_ms(&self) -> u64 {
        self.timeout_ms
    }
}

impl PasskeyAssertion {
    /// Reads what `toJSON()` of the credential gave (`AuthenticationResponseJSON`).
    pub fn parse(json: &str) -> Result<Self, BadAssertion> {
        let assertion: Assertion = serde_json::from_str(json).map_err(|_| BadAssertion)?;
        let response = assertion.response;
        let client = decoded(&response.client_data)?;
        let client: ClientData = serde_json::from_slice(&client).map_err(|_| BadAssertion)?;
        for part in [
            &assertion.id,
            &assertion.raw_id,
            &response.authenticator_data,
            &response.signature,
        ] {
            decoded(part)?;
        }
        if assertion.kind != "public-key" || client.kind != "webauthn.get" {
            return Err(BadAssertion);
        }
        Ok(Self {
            json: json.into(),
            challenge: client.challenge,
        })
    }

    /// Whether it was made for this challenge.
    pub fn answers(&self, challenge: &PasskeyChallenge) -> bool {
        let signed = self.challenge.expose_secret().trim_end_matches('=');
        signed == challenge.challenge().trim_end_matches('=')
    }
}

/// The bytes of a part, of which there is at least one.
fn decoded(part: &SecretString) -> Result<Vec<u8>, BadAssertion> {
    let bytes = URL_SAFE_NO_PAD.decode(part.expose_secret().trim_end_matches('='));
    bytes
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .ok_or(BadAssertion)
}

impl Waha {
    /// The challenge that waits for an answer. `None` while there is none.
    pub async fn passkey_challenge(&self) -> Result<Option<PasskeyChallenge>, WahaError> {
        let call = Call::get(self.passkey_route().part("challenge"));
        let body = none_when_not_pending(self.make(call).await.map_err(WahaError::from))?;
        body.as_ref().map(PasskeyChallenge::read).transpose()
    }

    /// Hands the answer on, once and unchanged. `false`: nothing waited for it any more.
    pub async fn submit_passkey(&self, assertion: &PasskeyAssertion) -> Result<bool, WahaError> {
        let json = assertion.json.expose_secret().to_owned();
        let call = Call::post_text(self.passkey_route(), json);
        Ok(none_when_not_pending(self.tell(call).await)?.is_some())
    }

    /// The code to compare with the phone's. `None` while there is none.
    pub async fn passkey_confirmation(&self) -> Result<Option<String>, WahaError> {
        let call = Call::get(self.passkey_route().part("confirmation"));
        let answer: Option<Confirmation> = none_when_not_pending(self.read(call).await)?;
        Ok(answer.map(|answer| answer.code))
    }

    /// Says that the codes are the same, once. `false`: nothing waited for it any more.
    pub async fn confirm_passkey(&self) -> Result<bool, WahaError> {
        let call = Call::command(self.passkey_route().part("confirm"));
        Ok(none_when_not_pending(self.tell(call).await)?.is_some())
    }

    fn passkey_route(&self) -> Route {
        Route::within(self.session_name())
            .part("auth")
            .part("passkey")
    }
}

/// WAHA answers 422 when nothing is pending.
fn none_when_not_pending<T>(answer: Result<T, WahaError>) -> Result<Option<T>, WahaError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(
            WahaError::SessionAway { .. }
            | WahaError::SessionMissing
            | WahaError::Rejected { status: 422, .. },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}
