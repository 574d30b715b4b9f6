//! What is shown of a complaint, and what is not.

use chassis::outbound::InProcessPeer;
use rstest::rstest;
use waha::{ChatId, MessagesQuery, SendText, WahaError};

use crate::recordings;
use crate::server::{Server, client, silent};

/// Recordings whose body echoes a request.
#[rstest]
#[case("2026.4.1/send-not-acceptable")]
#[case("2026.4.1/send-timed-out")]
#[tokio::test]
async fn an_echoed_request_is_never_shown(#[case] recording: &str) {
    assert!(
        recordings::answer(recording)
            .bytes()
            .contains("393470000001"),
        "the recording echoes"
    );
    let error = Server::playing(&[recording])
        .waha
        .online()
        .await
        .unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("39347") && !shown.contains("fallisce") && !shown.contains("fail 408"),
        "{shown}"
    );
}

#[tokio::test]
async fn numbers_are_cut_out_and_long_texts_shortened() {
    let body = format!(
        r#"{{"message":"393470000001@c.us and 12345 {}"}}"#,
        "é".repeat(300)
    );
    let error = Server::answering(400, body)
        .waha
        .online()
        .await
        .unwrap_err();
    let WahaError::Rejected {
        status: 400,
        message,
    } = error
    else {
        panic!("{error:?}")
    };
    assert!(message.starts_with("…@c.us and 12345 éé"), "{message}");
    assert_eq!(message.chars().count(), 200);
}

#[tokio::test]
async fn what_the_edition_lacks_is_not_implemented() {
    assert_eq!(
        Server::playing(&["2026.4.1/plus-only"]).waha.online().await,
        Err(WahaError::NotImplemented)
    );
}

#[rstest]
#[case("")]
#[case("[]")]
#[case("<html>")]
#[case(r#"{"message":{"deep":1},"status":5,"expected":"x"}"#)]
#[tokio::test]
async fn a_complaint_of_no_known_shape_keeps_its_status(#[case] body: &'static str) {
    let error = Server::answering(503, body)
        .waha
        .online()
        .await
        .unwrap_err();
    assert_eq!(
        error,
        WahaError::Rejected {
            status: 503,
            message: String::new()
        }
    );
}

#[tokio::test]
async fn an_answer_of_no_known_shape_is_unreadable() {
    let server = Server::answering(200, r#"{"messages":[]}"#);
    let answer = server
        .waha
        .messages(&ChatId::person("1"), MessagesQuery::default())
        .await;
    assert_eq!(answer, Err(WahaError::Unreadable));
}

#[tokio::test(start_paused = true)]
async fn what_happens_on_the_way_is_told_apart() {
    assert_eq!(
        client(InProcessPeer::down()).ping().await,
        Err(WahaError::Refused)
    );
    let (waha, peer) = silent();
    assert_eq!(waha.ping().await, Err(WahaError::TimedOut));
    let (answer, ()) = tokio::join!(waha.ping(), async {
        tokio::task::yield_now().await;
        peer.stop();
    });
    assert_eq!(answer, Err(WahaError::Broken));
}

#[test]
fn neither_the_client_nor_what_it_sends_shows_a_secret() {
    let text = SendText {
        chat_id: ChatId::person("393470000001"),
        text: "Ciao Zia".to_owned(),
        reply_to: Some("false_393470000001@c.us_3EB0".to_owned()),
        message_id: None,
        link_preview: false,
    };
    let shown = format!(
        "{:?} {text:?} {:?}",
        client(InProcessPeer::down()),
        text.chat_id
    );
    for secret in ["groom-key", "39347", "Ciao"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
