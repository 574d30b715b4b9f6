//! QR and pairing code.

use bytes::Bytes;
use rstest::rstest;
use serde_json::json;
use waha::WahaError;

use crate::server::Server;

#[tokio::test]
async fn a_qr_comes_as_text() {
    let server = Server::playing(&["2026.4.1/qr-raw"]);
    let text = server.waha.qr_text().await.unwrap().unwrap();
    assert!(text.starts_with("2@bRosFHmzA+"), "{text}");
    assert_eq!(
        server.asked_once().line,
        "GET /api/default/auth/qr?format=raw"
    );
}

#[rstest]
#[case::stopped("2026.4.1/qr-stopped")]
#[case::failed("2026.4.1/qr-failed")]
#[tokio::test]
async fn there_is_no_qr(#[case] recording: &str) {
    assert_eq!(Server::playing(&[recording]).waha.qr_text().await, Ok(None));
}

/// Between two codes, such as right after a log-out.
#[tokio::test]
async fn an_answer_without_a_code_is_no_qr() {
    let text = Server::answering(200, "{}").waha.qr_text().await;
    assert_eq!(text, Ok(None));
    let picture = Server::answering(200, "").waha.qr_png().await;
    assert_eq!(picture, Ok(None));
}

#[tokio::test]
async fn a_qr_comes_as_a_picture() {
    let png = b"\x89PNG\r\n\x1a\n...".as_slice();
    let server = Server::answering(200, png);
    assert_eq!(
        server.waha.qr_png().await,
        Ok(Some(Bytes::from_static(png)))
    );
    let asked = server.asked_once();
    assert_eq!(asked.line, "GET /api/default/auth/qr?format=image");
    assert_eq!(asked.headers["accept"], "image/png");
}

#[tokio::test]
async fn there_is_no_picture_either() {
    assert_eq!(
        Server::playing(&["2026.4.1/qr-failed"]).waha.qr_png().await,
        Ok(None)
    );
}

#[tokio::test]
async fn what_is_not_a_picture_is_not_shown_as_one() {
    let answer = Server::answering(200, "<html>").waha.qr_png().await;
    assert_eq!(answer, Err(WahaError::Unreadable));
}

#[tokio::test]
async fn a_pairing_code_is_asked_with_digits_only() {
    let server = Server::playing(&["2026.4.1/pairing-code"]);
    assert_eq!(
        server.waha.pairing_code("+39 333 111 2222").await.unwrap(),
        "4VYJ-2XBM"
    );
    let asked = server.asked_once();
    assert_eq!(asked.line, "POST /api/default/auth/request-code");
    assert_eq!(asked.body, json!({"phoneNumber": "393331112222"}));
}

#[rstest]
#[case("2026.4.1/pairing-code-failed", WahaError::SessionAway { status: Some("FAILED".to_owned()) })]
#[case("2026.4.1/pairing-code-stopped", WahaError::SessionMissing)]
#[tokio::test]
async fn a_pairing_code_needs_a_waiting_session(#[case] recording: &str, #[case] error: WahaError) {
    let server = Server::playing(&[recording]);
    assert_eq!(server.waha.pairing_code("393331112222").await, Err(error));
}
