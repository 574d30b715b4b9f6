//! Every answer a send can get, and what it proves: the table of WAHA §4.6 and §4.7.

use std::time::Duration;

use chassis::outbound::InProcessPeer;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::Instant;
use waha::{ChatId, SendAnswer, SendText, UnclearKind, Waha, WahaError};

use crate::server::{Server, client, silent};

fn text() -> SendText {
    SendText {
        chat_id: ChatId::person("393470000001"),
        text: "Ciao Zia".to_owned(),
        reply_to: None,
        message_id: None,
        link_preview: false,
    }
}

fn accepted(raw_id: &str, chat: &str) -> SendAnswer {
    SendAnswer::Accepted {
        raw_id: Some(raw_id.to_owned()),
        chat_id: Some(ChatId::new(chat)),
    }
}

fn away(status: &str) -> SendAnswer {
    SendAnswer::SessionAway {
        status: Some(status.to_owned()),
    }
}

fn bad(status: u16) -> SendAnswer {
    SendAnswer::BadRequest { status }
}

fn slow_down(status: u16) -> SendAnswer {
    SendAnswer::SlowDown { status }
}

fn unclear(status: u16, message: &str) -> SendAnswer {
    SendAnswer::Unclear {
        what: UnclearKind::Answered {
            status,
            message: message.to_owned(),
        },
    }
}

#[rstest]
#[case::accepted(
    "2026.4.1/send",
    accepted("3EB0F303959739B76298C4", "393470000001@c.us")
)]
#[case::own_id(
    "2026.4.1/send-own-id",
    accepted("3EB05F11CBF04C727BF414", "393470000001@c.us")
)]
#[case::reply(
    "2026.4.1/send-reply",
    accepted("3EB05F9820FCA713B531FB", "393470000001@c.us")
)]
#[case::lid("2026.4.1/send-lid", accepted("3EB02F814F5DF26FE55F83", "77@lid"))]
#[case::group(
    "2026.4.1/send-group",
    accepted("3EB09DB927E6B283BE9C20", "120363000000000001@g.us")
)]
#[case::id_string(
    "2026.4.1/send-poll",
    accepted("3EB0D2D7183DE9EB6EA6DD", "393470000001@c.us")
)]
#[case::scan("2026.4.1/send-scan", away("SCAN_QR_CODE"))]
#[case::starting("2026.4.1/send-starting", away("STARTING"))]
#[case::failed("2026.4.1/send-failed", away("FAILED"))]
#[case::deleted("2026.4.1/send-deleted", SendAnswer::SessionMissing)]
#[case::other_session("2026.4.1/send-other-session", SendAnswer::SessionMissing)]
#[case::no_session("2026.4.1/send-no-session", bad(400))]
#[case::bad_json("2026.4.1/send-bad-json", bad(400))]
#[case::no_route("2026.4.1/send-no-route", bad(404))]
#[case::key("2026.4.1/unauthorized", SendAnswer::KeyRefused)]
#[case::plus_only("2026.4.1/plus-only", bad(422))]
#[case::timed_out("2026.4.1/send-timed-out", unclear(500, "Timed Out"))]
#[case::connection_closed("2026.4.1/send-connection-closed", unclear(500, "Connection Closed"))]
#[case::not_acceptable("2026.4.1/send-not-acceptable", unclear(500, "not-acceptable"))]
#[case::type_error(
    "2026.4.1/send-type-error",
    unclear(500, "Cannot read properties of undefined (reading 'includes')")
)]
#[tokio::test]
async fn a_recorded_answer_proves(#[case] recording: &str, #[case] proof: SendAnswer) {
    let server = Server::playing(&[recording]);
    assert_eq!(server.waha.send_text(&text()).await, proof);
    assert_eq!(server.asked_once().line, "POST /api/sendText");
}

/// Shape F, as every uncaught error comes.
fn engine_error(message: &str) -> Value {
    json!({
        "statusCode": 500,
        "exception": {"message": message, "name": "Error", "stack": "…"},
        "request": {"path": "/api/sendText", "body": {"chatId": "393470000001@c.us", "text": "Ciao Zia"}},
    })
}

#[rstest]
#[case("2 UNKNOWN: server returned error 463", SendAnswer::Restricted)]
#[case("463", SendAnswer::Restricted)]
#[case(
    "error code: 463, reason: RESTRICT_ALL_COMPANIONS",
    SendAnswer::Restricted
)]
#[case("account has an active reachoutTimelock", SendAnswer::Restricted)]
#[case("the account is under a time-lock", SendAnswer::Restricted)]
#[case(
    "no LID found for 393470000001@s.whatsapp.net from server",
    SendAnswer::NoLid
)]
#[case("No LID for user", SendAnswer::NoLid)]
#[case("Lid is missing in chat table", SendAnswer::NoLid)]
#[case("Timed out after 463 ms", unclear(500, "Timed out after 463 ms"))]
#[case(
    "async-lock timed out in queue default",
    unclear(500, "async-lock timed out in queue default")
)]
#[case(
    "2 UNKNOWN: server returned error 400",
    unclear(500, "2 UNKNOWN: server returned error 400")
)]
#[case(
    "server returned error 4630",
    unclear(500, "server returned error 4630")
)]
#[case("Evaluation failed: b", unclear(500, "Evaluation failed: b"))]
#[case("no route to 393470000001@c.us", unclear(500, "no route to …@c.us"))]
#[tokio::test]
async fn an_engine_error_proves(#[case] message: &str, #[case] proof: SendAnswer) {
    let server = Server::answering(500, engine_error(message).to_string());
    assert_eq!(server.waha.send_text(&text()).await, proof);
}

#[rstest]
#[case::forbidden(
    403,
    r#"{"message":"Forbidden","statusCode":403}"#,
    SendAnswer::KeyRefused
)]
#[case::no_method(
    501,
    r#"{"message":"The method is not implemented by the engine","statusCode":501}"#,
    bad(501)
)]
#[case::validation(
    400,
    r#"{"message":["chatId must be a string"],"error":"Bad Request"}"#,
    bad(400)
)]
#[case::no_route(
    404,
    r#"{"message":"Cannot POST /api/sendText","statusCode":404}"#,
    bad(404)
)]
#[case::too_large(413, "", slow_down(413))]
#[case::html_404(404, "<html>no such site</html>", slow_down(404))]
#[case::too_many(
    429,
    r#"{"message":"ThrottlerException: Too Many Requests","statusCode":429}"#,
    slow_down(429)
)]
#[case::conflict(409, "", slow_down(409))]
#[case::unknown_422(
    422,
    r#"{"message":"Unprocessable Entity","statusCode":422}"#,
    slow_down(422)
)]
#[case::proxy_timeout(408, "", unclear(408, ""))]
#[case::redirect(302, "", unclear(302, ""))]
#[case::bad_gateway(502, "<html>", unclear(502, ""))]
#[case::gateway_timeout(504, "", unclear(504, ""))]
#[case::unreadable_500(500, "463", unclear(500, ""))]
#[case::restricted_elsewhere(
    503,
    r#"{"exception":{"message":"server returned error 463"}}"#,
    unclear(503, "server returned error 463")
)]
#[tokio::test]
async fn other_answers_prove(#[case] status: u16, #[case] body: &str, #[case] proof: SendAnswer) {
    let server = Server::answering(status, body);
    assert_eq!(server.waha.send_text(&text()).await, proof);
}

const ON_GOWS: &str = r#"{"id":"true_5511999990000@c.us_3EB0AA","_data":{"Info":{"ID":"3EB0AA","Chat":"5511999990000@s.whatsapp.net","IsFromMe":true}}}"#;
const ON_GOWS_WITHOUT_ID: &str =
    r#"{"_data":{"Info":{"ID":"3EB0AA","Chat":"5511999990000@s.whatsapp.net"}}}"#;
const ON_WEBJS: &str = r#"{"_data":{"id":{"_serialized":"x"}},"id":{"fromMe":true,"remote":"5511999990000@c.us","id":"3EB0AA","_serialized":"true_5511999990000@c.us_3EB0AA"}}"#;
const ON_WEBJS_RENAMED: &str =
    r#"{"id":{"fromMe":true,"remote":"5511999990000@c.us","id":"3EB0AA"}}"#;
const ON_WEBJS_INNER: &str = r#"{"_data":{"id":{"_serialized":"true_5511999990000@c.us_3EB0AA"}}}"#;

#[rstest]
#[case(ON_GOWS)]
#[case(ON_GOWS_WITHOUT_ID)]
#[case(ON_WEBJS)]
#[case(ON_WEBJS_RENAMED)]
#[case(ON_WEBJS_INNER)]
#[tokio::test]
async fn every_engine_s_success_is_read(#[case] body: &str) {
    let server = Server::answering(201, body);
    assert_eq!(
        server.waha.send_text(&text()).await,
        accepted("3EB0AA", "5511999990000@c.us")
    );
}

#[rstest]
#[case("")]
#[case("<html>")]
#[case("{}")]
#[case(r#"{"id":""}"#)]
#[case("[1]")]
#[tokio::test]
async fn a_success_that_cannot_be_read_is_accepted_all_the_same(#[case] body: &str) {
    let server = Server::answering(201, body);
    assert_eq!(
        server.waha.send_text(&text()).await,
        SendAnswer::Accepted {
            raw_id: None,
            chat_id: None
        }
    );
}

#[tokio::test]
async fn a_server_that_is_down_was_written_nothing() {
    let waha = client(InProcessPeer::down());
    assert_eq!(waha.send_text(&text()).await, SendAnswer::Refused);
}

#[tokio::test(start_paused = true)]
async fn no_answer_in_a_minute_is_unclear() {
    let (waha, _peer) = silent();
    let start = Instant::now();
    assert_eq!(
        waha.send_text(&text()).await,
        SendAnswer::Unclear {
            what: UnclearKind::TimedOut
        }
    );
    assert_eq!(start.elapsed().as_secs(), Duration::from_mins(1).as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_unclear() {
    let (waha, peer) = silent();
    let text = text();
    let (answer, ()) = tokio::join!(waha.send_text(&text), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        peer.stop();
    });
    assert_eq!(
        answer,
        SendAnswer::Unclear {
            what: UnclearKind::Broken
        }
    );
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_refused_without_a_call() {
    let waha = Waha::new(
        chassis::Outbound::in_process(InProcessPeer::down()),
        &"line\nbreak".into(),
        "default".into(),
    );
    assert_eq!(waha.send_text(&text()).await, SendAnswer::KeyRefused);
    assert_eq!(waha.ping().await, Err(WahaError::Unauthorized));
}

#[tokio::test]
async fn the_body_holds_what_was_asked_and_nothing_else() {
    let server = Server::playing(&["2026.4.1/send", "2026.4.1/send"]);
    server.waha.send_text(&text()).await;
    let answer = SendText {
        reply_to: Some("false_393470000001@c.us_3EB0IN".to_owned()),
        message_id: Some("3EB0OWN".to_owned()),
        link_preview: true,
        ..text()
    };
    server.waha.send_text(&answer).await;
    let bodies: Vec<_> = server.asked().into_iter().map(|asked| asked.body).collect();
    let plain = json!({
        "session": "default", "chatId": "393470000001@c.us", "text": "Ciao Zia", "linkPreview": false,
    });
    let full = json!({
        "session": "default", "chatId": "393470000001@c.us", "text": "Ciao Zia", "linkPreview": true,
        "reply_to": "false_393470000001@c.us_3EB0IN", "id": "3EB0OWN",
    });
    assert_eq!(bodies, [plain, full]);
}

#[tokio::test]
async fn a_new_message_id_is_given_where_the_version_has_one() {
    // the shape of the same call for status posts, the only one of its kind in that version
    let server = Server::playing(&["2026.4.1/new-status-id"]);
    assert_eq!(
        server.waha.new_message_id().await.unwrap(),
        "3EB0B471EE730C1C312A13"
    );
    assert_eq!(server.asked_once().line, "GET /api/default/new-message-id");
}

#[tokio::test]
async fn the_recorded_version_has_none() {
    let server = Server::playing(&["2026.4.1/new-message-id-no-route"]);
    let answer = server.waha.new_message_id().await;
    assert_eq!(answer, Err(WahaError::NotImplemented));
}
