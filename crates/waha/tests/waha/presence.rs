//! Seen, typing, online.

use rstest::rstest;
use serde_json::json;
use waha::{ChatId, WahaError};

use crate::server::Server;

fn chat() -> ChatId {
    ChatId::person("393470000001")
}

fn ids(raw: &[&str]) -> Vec<String> {
    raw.iter()
        .map(|raw| format!("false_393470000001@c.us_{raw}"))
        .collect()
}

#[tokio::test]
async fn messages_are_seen_in_one_call() {
    let server = Server::playing(&["2026.4.1/seen"]);
    server.waha.seen(&chat(), &ids(&["A", "B"])).await.unwrap();
    let asked = server.asked_once();
    assert_eq!(asked.line, "POST /api/sendSeen");
    let expected = json!({"session": "default", "chatId": "393470000001@c.us", "messageIds": ids(&["A", "B"])});
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn an_id_without_its_chat_is_an_error() {
    let server = Server::playing(&["2026.4.1/seen-bare-id"]);
    let error = server
        .waha
        .seen(&chat(), &["3EB0".to_owned()])
        .await
        .unwrap_err();
    let WahaError::Rejected {
        status: 500,
        message,
    } = error
    else {
        panic!("{error:?}")
    };
    // the example in WAHA's own text looks like a number, and is cut like one
    assert_eq!(
        message,
        "Message id be in format false_…@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]"
    );
}

#[rstest]
#[case(&[])]
#[case(&["true_393470000001@c.us_OWN"])]
#[tokio::test]
async fn nothing_to_see_is_no_call(#[case] full_ids: &[&str]) {
    let server = Server::playing(&[]);
    let full_ids: Vec<_> = full_ids.iter().map(|&id| id.to_owned()).collect();
    server.waha.seen(&chat(), &full_ids).await.unwrap();
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn typing_starts_and_stops() {
    let server = Server::playing(&["2026.4.1/typing", "2026.4.1/typing"]);
    server.waha.start_typing(&chat()).await.unwrap();
    server.waha.stop_typing(&chat()).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].line, "POST /api/startTyping");
    assert_eq!(asked[1].line, "POST /api/stopTyping");
    assert_eq!(
        asked[1].body,
        json!({"session": "default", "chatId": "393470000001@c.us"})
    );
}

#[tokio::test]
async fn online_and_offline_are_of_the_whole_account() {
    let server = Server::playing(&["2026.4.1/presence", "2026.4.1/presence"]);
    server.waha.online().await.unwrap();
    server.waha.offline().await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].line, "POST /api/default/presence");
    assert_eq!(asked[0].body, json!({"presence": "online"}));
    assert_eq!(asked[1].body, json!({"presence": "offline"}));
}

#[tokio::test]
async fn the_odd_error_shape_of_presence_is_read() {
    let error = Server::playing(&["2026.4.1/presence-refused"])
        .waha
        .online()
        .await
        .unwrap_err();
    assert_eq!(
        error,
        WahaError::Rejected {
            status: 400,
            message: "'asleep' presence requires 'chatId' field.".to_owned()
        }
    );
}
