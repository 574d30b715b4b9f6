//! Reading messages, chats and LIDs back.

use rstest::rstest;
use serde_json::json;
use waha::{Ack, ChatId, ChatSummary, Message, MessagesQuery, Source, WahaError};

use crate::server::Server;

fn zia() -> ChatId {
    ChatId::person("393470000001")
}

async fn messages(recording: &str) -> Vec<Message> {
    let server = Server::playing(&[recording]);
    server
        .waha
        .messages(&zia(), MessagesQuery::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_picture_is_media_even_where_the_server_denies_it() {
    let listed = r#"[{"id": "false_393470000001@c.us_AA", "hasMedia": false, "body": "foto",
        "_data": {"message": {"imageMessage": {"mimetype": "image/jpeg"}}}}]"#;
    let server = Server::answering(200, listed);
    let found = server.waha.messages(&zia(), MessagesQuery::default()).await;
    let [picture] = <[Message; 1]>::try_from(found.unwrap()).unwrap();
    assert!(picture.has_media);
    assert_eq!(picture.media_mimetype.as_deref(), Some("image/jpeg"));
    assert_eq!(picture.body.as_deref(), Some("foto"));
}

#[tokio::test]
async fn a_message_is_read() {
    let [message] = <[Message; 1]>::try_from(messages("2026.4.1/messages").await).unwrap();
    assert_eq!(message.chat, ChatId::person("393470000002"));
    assert_eq!(
        (message.ack, message.source),
        (Some(Ack::Read), Some(Source::Api))
    );
    assert_eq!(message.participant, None);
}

#[tokio::test]
async fn a_lid_chat_shows_the_phone_behind_it() {
    let [message] = <[Message; 1]>::try_from(messages("2026.4.1/messages-lid").await).unwrap();
    assert_eq!(message.chat, ChatId::new("77@lid"));
    assert_eq!(message.chat_alt, Some(ChatId::person("393470000002")));
}

#[rstest]
#[case::received(false, "393470000001@c.us", "SenderAlt", Some("77@lid"))]
#[case::own(true, "77@lid", "RecipientAlt", Some("393470000001@c.us"))]
#[case::own_sender_is_us(true, "77@lid", "SenderAlt", None)]
#[case::same_kind(false, "393470000001@c.us", "SenderAlt", None)]
#[case::empty(false, "77@lid", "SenderAlt", None)]
fn gows_names_the_other_id_by_side(
    #[case] from_me: bool,
    #[case] chat: &str,
    #[case] key: &str,
    #[case] alt: Option<&str>,
) {
    let told = match alt {
        Some("77@lid") => "77:5@lid",
        Some(_) => "393470000001:5@s.whatsapp.net",
        None if chat == "77@lid" && !from_me => "",
        None => "393470000009@s.whatsapp.net",
    };
    let json = json!({"id": format!("{from_me}_{chat}_3EB0"), "_data": {"Info": {key: told, "PushName": "Zia"}}});
    let message: Message = serde_json::from_value(json).unwrap();
    assert_eq!(message.chat_alt, alt.map(ChatId::new));
    assert_eq!(message.push_name.as_deref(), Some("Zia"));
}

#[rstest]
#[case(json!(1_795_390_846), Some(1_795_390_846))]
#[case(json!(1_795_390_846.75), Some(1_795_390_846))]
#[case(json!("1795390846"), Some(1_795_390_846))]
#[case(json!({"seconds": 1_795_390_846}), None)]
#[case(json!(null), None)]
#[case(json!("soon"), None)]
fn a_time_is_read_in_every_shape(#[case] timestamp: serde_json::Value, #[case] at: Option<i64>) {
    let message = json!({"id": "false_1@c.us_3EB0", "timestamp": timestamp});
    assert_eq!(serde_json::from_value::<Message>(message).unwrap().at, at);
}

#[test]
fn a_message_needs_an_id_and_a_chat_and_nothing_else() {
    let read = |json| serde_json::from_value::<Message>(json);
    assert!(read(json!({"id": "false_1@c.us_3EB0"})).is_ok());
    assert!(read(json!({"from": "1@c.us"})).is_err());
    assert!(read(json!({"id": "3EB0"})).is_err());
    // the browser engines: `from` is the account itself for own messages
    let own = json!({"id": "3EB0", "fromMe": true, "from": "2@c.us", "to": "1@c.us", "ack": 9, "media": 5});
    let own = read(own).unwrap();
    assert_eq!(
        (own.chat, own.ack, own.has_media),
        (ChatId::person("1"), None, false)
    );
    let object = json!({"id": {"_serialized": "true_1@c.us_3EB0"}});
    assert_eq!(read(object).unwrap().raw_id, "3EB0");
}

#[tokio::test]
async fn one_unreadable_message_does_not_hide_the_others() {
    let server = Server::answering(200, r#"[{"body":"?"},{"id":"false_1@c.us_3EB0"}]"#);
    let messages = server
        .waha
        .messages(&zia(), MessagesQuery::default())
        .await
        .unwrap();
    assert_eq!(messages.len(), 1);
}

#[tokio::test]
async fn the_query_is_written_and_the_path_escaped() {
    let server = Server::playing(&["2026.4.1/messages", "2026.4.1/messages"]);
    let query = MessagesQuery {
        limit: 50,
        offset: 10,
        since: Some(1_795_393_357),
        from_me: Some(true),
    };
    server.waha.messages(&zia(), query).await.unwrap();
    server
        .waha
        .messages(&ChatId::new("a/b?c d@lid"), MessagesQuery::default())
        .await
        .unwrap();
    let asked = server.asked();
    assert_eq!(
        asked[0].line,
        "GET /api/default/chats/393470000001%40c.us/messages?limit=50&offset=10&downloadMedia=false\
         &filter.timestamp.gte=1795393357&filter.fromMe=true"
    );
    assert_eq!(
        asked[1].line,
        "GET /api/default/chats/a%2Fb%3Fc%20d%40lid/messages?limit=20&offset=0&downloadMedia=false"
    );
}

#[rstest]
#[case(Some(20), None, 1)]
#[case(Some(10), None, 2)]
#[case(None, Some(true), 1)]
#[case(Some(20), Some(true), 0)]
#[tokio::test]
async fn a_server_that_ignores_the_query_is_corrected(
    #[case] since: Option<i64>,
    #[case] from_me: Option<bool>,
    #[case] left: usize,
) {
    let listed = json!([
        {"id": "false_393470000001@c.us_AA", "timestamp": 20},
        {"id": "true_393470000001@c.us_BB", "timestamp": 10},
    ]);
    let server = Server::answering(200, listed.to_string());
    let query = MessagesQuery {
        since,
        from_me,
        ..MessagesQuery::default()
    };
    assert_eq!(
        server.waha.messages(&zia(), query).await.unwrap().len(),
        left
    );
}

#[tokio::test]
async fn a_store_that_is_off_is_named() {
    let error = Server::playing(&["2026.4.1/messages-store-off"])
        .waha
        .messages(&zia(), MessagesQuery::default())
        .await;
    assert_eq!(error.unwrap_err(), WahaError::StoreOff);
}

#[tokio::test]
async fn one_message_is_found_by_either_id() {
    let server = Server::playing(&["2026.4.1/message"]);
    let found = server
        .waha
        .message(&ChatId::person("393470000002"), "3EB0716C39ACF50FBB5F14")
        .await;
    assert_eq!(found.unwrap().unwrap().body.as_deref(), Some("mio 0"));
    assert_eq!(
        server.asked_once().line,
        "GET /api/default/chats/393470000002%40c.us/messages/3EB0716C39ACF50FBB5F14?downloadMedia=false"
    );
}

#[tokio::test]
async fn a_message_not_seen_is_none() {
    assert_eq!(
        Server::playing(&["2026.4.1/message-unknown"])
            .waha
            .message(&zia(), "X")
            .await,
        Ok(None)
    );
    let failing = Server::answering(
        500,
        r#"{"exception":{"message":"sql: no rows in result set"}}"#,
    );
    assert_eq!(failing.waha.message(&zia(), "X").await, Ok(None));
}

#[tokio::test]
async fn chats_come_from_the_overview() {
    let server = Server::playing(&["2026.4.1/overview"]);
    let chats = server.waha.chats(2, 4).await.unwrap();
    let last = ChatSummary {
        chat_id: ChatId::person("393470000002"),
        last_at: Some(1_795_393_360),
    };
    assert_eq!(chats, [last]);
    assert_eq!(
        server.asked_once().line,
        "GET /api/default/chats/overview?limit=2&offset=4"
    );
}

#[tokio::test]
async fn chats_are_sorted_by_time_whatever_the_server_does() {
    let body = json!([
        {"id": {"_serialized": "1@c.us"}, "_chat": {"timestamp": 5}},
        {"id": "2@c.us"},
        {"id": "3@s.whatsapp.net", "lastMessage": {"timestamp": 7}, "_chat": {"conversationTimestamp": 9}},
        {"name": "no id"},
    ]);
    let chats = Server::answering(200, body.to_string())
        .waha
        .chats(10, 0)
        .await
        .unwrap();
    let ids: Vec<_> = chats
        .iter()
        .map(|chat| (chat.chat_id.as_str(), chat.last_at))
        .collect();
    assert_eq!(
        ids,
        [("3@c.us", Some(9)), ("1@c.us", Some(5)), ("2@c.us", None)]
    );
}

#[tokio::test]
async fn a_store_that_is_off_has_no_chats() {
    let answer = Server::playing(&["2026.4.1/messages-store-off"])
        .waha
        .chats(10, 0)
        .await;
    assert_eq!(answer, Err(WahaError::StoreOff));
}

#[tokio::test]
async fn a_lid_may_hide_its_phone() {
    let server = Server::playing(&["2026.4.1/lid-unknown"]);
    assert_eq!(
        server.waha.lid_phone(&ChatId::new("77@lid")).await,
        Ok(None)
    );
    assert_eq!(server.asked_once().line, "GET /api/default/lids/77%40lid");
    let server = Server::answering(200, r#"{"lid":"77@lid","pn":"393470000001@c.us"}"#);
    assert_eq!(
        server.waha.lid_phone(&ChatId::new("77@lid")).await,
        Ok(Some(zia()))
    );
    let unable = Server::answering(501, "");
    let lid = ChatId::new("77@lid");
    assert_eq!(unable.waha.lid_phone(&lid).await, Ok(None));
}

#[rstest]
#[case("2026.4.1/exists", Some("393470000001@c.us"))]
#[case("2026.4.1/exists-not", None)]
#[tokio::test]
async fn a_number_is_on_whatsapp_or_not(#[case] recording: &str, #[case] chat: Option<&str>) {
    let server = Server::playing(&[recording]);
    assert_eq!(
        server.waha.check_exists("+393470000001").await,
        Ok(chat.map(ChatId::new))
    );
    assert_eq!(
        server.asked_once().line,
        "GET /api/contacts/check-exists?session=default&phone=393470000001"
    );
}

#[tokio::test]
async fn gows_writes_null_for_a_number_that_is_not_there() {
    let server = Server::answering(200, r#"{"numberExists":false,"chatId":null}"#);
    assert_eq!(server.waha.check_exists("1").await, Ok(None));
    let odd = Server::answering(200, r#"{"numberExists":true}"#);
    assert_eq!(odd.waha.check_exists("1").await, Err(WahaError::Unreadable));
}

/// A NUL that PostgreSQL would refuse, and half a character that no reader of JSON takes: neither hides the messages beside it.
#[tokio::test]
async fn one_bad_name_does_not_make_a_page_unreadable() {
    let listed = r#"[
        {"id": "false_393470000001@c.us_AA", "from": "393470000001@c.us", "fromMe": false,
         "body": "Ciao \ud83d\ud83d\udc8c", "_data": {"pushName": "Zia\u0000 \udc8c"}},
        {"id": "false_393470000001@c.us_BB", "from": "393470000001@c.us", "fromMe": false, "body": "C:\\u0000"}
    ]"#;
    let server = Server::answering(200, listed);
    let messages = server.waha.messages(&zia(), MessagesQuery::default()).await;
    let [bad, good] = <[Message; 2]>::try_from(messages.unwrap()).unwrap();
    assert_eq!(bad.body.as_deref(), Some("Ciao \u{fffd}💌"));
    assert_eq!(bad.push_name.as_deref(), Some("Zia \u{fffd}"));
    assert_eq!(good.body.as_deref(), Some(r"C:\u0000"));
}

#[tokio::test]
async fn one_bad_name_does_not_hide_the_list_of_chats() {
    let listed =
        r#"[{"id": "393470000001@c.us", "name": "\ud83d\u0000"}, {"id": "393470000002@c.us"}]"#;
    let server = Server::answering(200, listed);
    assert_eq!(server.waha.chats(100, 0).await.unwrap().len(), 2);
}
