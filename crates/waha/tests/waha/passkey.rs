//! The passkey calls, as documented: no server was recorded with one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rstest::rstest;
use serde_json::{Value, json};
use waha::{BadAssertion, PasskeyAssertion, PasskeyChallenge, WahaError};

use crate::server::Server;

/// With an order of members and spaces that no serializer makes.
const OPTIONS: &str =
    r#"{"timeout":60000,  "challenge":"9WVUYm9AsQ","rpId":"web.whatsapp.com","z":1,"a":2}"#;
const NOT_PENDING: &str =
    r#"{"message":"No passkey step is pending","error":"Unprocessable Entity","statusCode":422}"#;

fn assertion(challenge: &str) -> Value {
    let client = json!({"type": "webauthn.get", "challenge": challenge, "origin": "https://web.whatsapp.com"});
    json!({
        "type": "public-key",
        "id": "AX8bTgH2",
        "rawId": "AX8bTgH2",
        "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client.to_string()),
            "authenticatorData": "SZYN5YgO",
            "signature": "MEUCIQDA",
        },
    })
}

async fn challenge() -> PasskeyChallenge {
    let server = Server::answering(200, OPTIONS);
    server.waha.passkey_challenge().await.unwrap().unwrap()
}

#[tokio::test]
async fn a_challenge_comes_byte_for_byte() {
    let server = Server::answering(200, OPTIONS);
    let challenge = server.waha.passkey_challenge().await.unwrap().unwrap();
    assert_eq!(challenge.options(), OPTIONS);
    assert_eq!(challenge.challenge(), "9WVUYm9AsQ");
    assert_eq!(challenge.timeout_ms(), 60_000);
    let line = server.asked_once().line;
    assert_eq!(line, "GET /api/default/auth/passkey/challenge");
    assert!(!format!("{challenge:?}").contains("9WVUYm9AsQ"));
}

#[tokio::test]
async fn an_answer_goes_byte_for_byte() {
    let text = format!(" {}", assertion("9WVUYm9AsQ"));
    let answer = PasskeyAssertion::parse(&text).unwrap();
    assert!(!format!("{answer:?}").contains("MEUCIQDA"));
    let server = Server::answering(201, "");
    assert_eq!(server.waha.submit_passkey(&answer).await, Ok(true));
    let asked = server.asked_once();
    assert_eq!(asked.line, "POST /api/default/auth/passkey");
    assert_eq!(asked.raw, text.as_bytes());
    assert_eq!(asked.headers["content-type"], "application/json");
}

#[tokio::test]
async fn an_answer_belongs_to_one_challenge() {
    let challenge = challenge().await;
    let of = |challenge: &str| PasskeyAssertion::parse(&assertion(challenge).to_string()).unwrap();
    assert!(of("9WVUYm9AsQ").answers(&challenge));
    assert!(!of("9WVUYm9AsR").answers(&challenge));
}

#[rstest]
#[case("/type", "password")]
#[case("/id", "")]
#[case("/rawId", "not base64")]
#[case("/response/signature", "")]
#[case("/response/authenticatorData", "?")]
#[case("/response/clientDataJSON", "e30")]
fn what_is_no_answer_is_refused(#[case] path: &str, #[case] value: &str) {
    let mut broken = assertion("9WVUYm9AsQ");
    *broken.pointer_mut(path).unwrap() = json!(value);
    let read = PasskeyAssertion::parse(&broken.to_string());
    assert_eq!(read.unwrap_err(), BadAssertion);
}

#[tokio::test]
async fn a_code_is_read_and_confirmed() {
    let server = Server::answering(200, r#"{"code":"1234"}"#);
    let code = server.waha.passkey_confirmation().await.unwrap();
    assert_eq!(code.as_deref(), Some("1234"));
    let line = server.asked_once().line;
    assert_eq!(line, "GET /api/default/auth/passkey/confirmation");
    let server = Server::answering(201, "");
    assert_eq!(server.waha.confirm_passkey().await, Ok(true));
    let line = server.asked_once().line;
    assert_eq!(line, "POST /api/default/auth/passkey/confirm");
}

#[tokio::test]
async fn nothing_is_pending() {
    let waha = || Server::answering(422, NOT_PENDING).waha;
    assert!(waha().passkey_challenge().await.unwrap().is_none());
    assert_eq!(waha().passkey_confirmation().await, Ok(None));
    assert_eq!(waha().confirm_passkey().await, Ok(false));
    let answer = PasskeyAssertion::parse(&assertion("x").to_string()).unwrap();
    assert_eq!(waha().submit_passkey(&answer).await, Ok(false));
    let unreadable = Server::answering(200, "null")
        .waha
        .passkey_challenge()
        .await;
    assert_eq!(unreadable.unwrap_err(), WahaError::Unreadable);
}
