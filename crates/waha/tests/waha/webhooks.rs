//! Posts of the recorded server, their signatures, and payloads nobody recorded.

use domain::waha_server::Engine;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};
use waha::{
    Ack, BadEvent, ChatId, Event, EventKind, Message, SessionStatus, Signature, Source, Timelock,
};

use crate::recordings::post;

fn parse(name: &str) -> Event {
    Event::parse(post(name).body.as_bytes()).unwrap()
}

fn message(event: Event) -> Message {
    match event.kind {
        EventKind::Message(message) => *message,
        other => panic!("{other:?}"),
    }
}

/// An envelope around a payload that was not recorded.
fn made(event: &str, payload: &Value) -> Result<Event, BadEvent> {
    Event::parse(
        json!({"event": event, "session": "default", "timestamp": 1, "payload": payload})
            .to_string()
            .as_bytes(),
    )
}

#[rstest]
#[case("session-status-starting")]
#[case("session-status-working")]
#[case("session-status-failed")]
#[case("message")]
#[case("message-any")]
#[case("message-sent-api")]
#[case("message-sent-phone")]
#[case("message-lid")]
#[case("message-group")]
#[case("ack-device")]
#[case("ack-error")]
#[case("reaction")]
fn a_recorded_signature_proves_its_body_only(#[case] name: &str) {
    let post = post(name);
    let key = SecretString::from(post.key.unwrap());
    let signature = Signature::from_header(&post.hmac.unwrap()).unwrap();
    assert!(signature.proves(&key, post.body.as_bytes()));
    assert!(!signature.proves(&"other-key".into(), post.body.as_bytes()));
    assert!(!signature.proves(&key, format!("{} ", post.body).as_bytes()));
}

/// The vectors of WAHA §7.2.
#[rstest]
#[case(
    "my-secret-key",
    r#"{"event":"message","session":"default","engine":"WEBJS"}"#,
    "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89"
)]
#[case(
    "test-hmac-key-0123456789",
    r#"{"id":"evt_01kbec8dab4k2tg8res92paq5n","timestamp":1764640437579,"event":"message","session":"default","me":{"id":"551130000000@c.us","pushName":"Clínica"},"payload":{"id":"false_5511999990000@c.us_3EB0AAAABBBBCCCCDDDD","timestamp":1764640437,"from":"5511999990000@c.us","fromMe":false,"source":"app","to":null,"body":"Olá ✅","hasMedia":false,"media":null,"ack":2,"ackName":"DEVICE","replyTo":null},"engine":"GOWS","environment":{"version":"2026.8.1","engine":"GOWS","tier":"CORE","browser":null,"platform":"linux/x64","worker":{"id":null}}}"#,
    "f1d2876d5c8360d38964ea54f3e8dc190cf3165dc996156fa1ef090b3bcb4f5068e66ab1f2c9ee17c21ff1757e75559c1a7f1b9a611c52fe3600e9473f68fd81"
)]
#[case(
    "test-hmac-key-0123456789",
    "",
    "bb2a35c6ec4ff47a810bd47d4ec565a99301e509213d096afc4f4aaaf3303652aa7bbf0af48eaeeb28eb334ca0db729dd792758127b7f67203d2dec0ba2b01d4"
)]
fn a_signature_is_as_openssl_makes_it(#[case] key: &str, #[case] body: &str, #[case] hex: &str) {
    let key = SecretString::from(key);
    assert_eq!(Signature::of(&key, body.as_bytes()).to_string(), hex);
    assert!(
        Signature::from_header(hex)
            .unwrap()
            .proves(&key, body.as_bytes())
    );
}

#[rstest]
#[case("")]
#[case("208f8a55")]
#[case("zz")]
fn what_is_not_a_signature_is_not_read(#[case] header: &str) {
    assert!(Signature::from_header(header).is_none());
}

#[test]
fn an_envelope_is_read() {
    let event = parse("session-status-working");
    assert_eq!(event.at_ms, 1_795_393_447_585);
    assert_eq!(event.session, "default");
    assert_eq!(event.engine, Some(Engine::NoWeb));
    assert_eq!(event.me.unwrap().id, ChatId::person("393331112222"));
    assert_eq!(
        event.kind,
        EventKind::SessionStatus {
            status: SessionStatus::Working,
            data: None
        }
    );
}

#[rstest]
#[case("session-status-working", SessionStatus::Working)]
#[case("session-status-starting", SessionStatus::Starting)]
#[case("session-status-failed", SessionStatus::Failed)]
fn a_session_changes(#[case] name: &str, #[case] expected: SessionStatus) {
    assert_eq!(
        parse(name).kind,
        EventKind::SessionStatus {
            status: expected,
            data: None
        }
    );
}

#[test]
fn a_restriction_comes_with_the_status() {
    let data =
        json!({"reachoutTimelock": {"isActive": true, "timeEnforcementEnds": 1_785_000_000}});
    let event = made(
        "session.status",
        &json!({"name": "default", "status": "WORKING", "data": data}),
    )
    .unwrap();
    let EventKind::SessionStatus {
        data: Some(data), ..
    } = event.kind
    else {
        panic!("{event:?}")
    };
    assert!(Timelock::find(&data).unwrap().is_active);
}

#[test]
fn one_received_message_comes_as_two_equal_events() {
    assert_eq!(parse("message"), parse("message-any"));
    let received = message(parse("message"));
    assert_eq!(received.raw_id, "3EB0INBOUND01");
    assert_eq!(received.body.as_deref(), Some("Ciao àè 💍"));
    assert_eq!(received.push_name.as_deref(), Some("Zia Pina"));
    assert_eq!((received.from_me, received.ack), (false, Some(Ack::Device)));
}

#[rstest]
#[case("message-sent-api", "grazie", Source::Api, 1_795_393_449)]
#[case("message-sent-phone", "dal telefono", Source::App, 1_795_393_452)]
fn own_messages_belong_to_the_chat_of_the_other(
    #[case] name: &str,
    #[case] body: &str,
    #[case] source: Source,
    #[case] at: i64,
) {
    let message = message(parse(name));
    assert!(message.from_me);
    assert_eq!(message.chat, ChatId::person("393470000001"));
    assert_eq!(message.body.as_deref(), Some(body));
    assert_eq!((message.source, message.at), (Some(source), Some(at)));
}

#[test]
fn a_lid_message_brings_the_phone() {
    let message = message(parse("message-lid"));
    assert_eq!(message.chat, ChatId::new("77@lid"));
    assert_eq!(message.chat_alt, Some(ChatId::person("393470000001")));
}

#[test]
fn a_group_message_is_known_by_its_chat() {
    let message = message(parse("message-group"));
    assert!(!message.chat.is_direct());
    assert_eq!(message.raw_id, "3EB0GRP");
    assert_eq!(message.participant, Some(ChatId::person("393470000001")));
}

#[test]
fn a_picture_comes_without_the_picture() {
    let message = message(made("message.any", &json!({
        "id": "false_393470000001@c.us_AA", "hasMedia": true, "body": "foto",
        "media": {"url": null, "mimetype": "image/jpeg", "error": {"details": "TypeError: fetch failed"}},
    })).unwrap());
    assert!(message.has_media);
    assert_eq!(message.media_mimetype.as_deref(), Some("image/jpeg"));
    assert_eq!(message.body.as_deref(), Some("foto"));
}

#[rstest]
#[case("ack-device", Ack::Device)]
#[case("ack-error", Ack::Error)]
fn an_ack_is_read(#[case] name: &str, #[case] ack: Ack) {
    let chat = ChatId::person("393470000001");
    let expected = EventKind::Ack {
        raw_id: "3EB0C6E8B497CD599AE1FC".to_owned(),
        chat,
        from_me: true,
        ack,
    };
    assert_eq!(parse(name).kind, expected);
}

#[test]
fn an_ack_of_a_group_is_known_by_its_chat() {
    let payload = json!({"id": "true_1@g.us_3EB0_2@c.us", "from": "1@g.us", "ack": 2});
    let EventKind::Ack { chat, .. } = made("message.ack", &payload).unwrap().kind else {
        panic!("no ack")
    };
    assert!(!chat.is_direct());
}

#[test]
fn a_reaction_points_at_a_message() {
    let EventKind::Reaction {
        message,
        target_raw_id,
        emoji,
    } = parse("reaction").kind
    else {
        panic!("no reaction")
    };
    assert_eq!(target_raw_id, "3EB0C6E8B497CD599AE1FC");
    assert_eq!(emoji.as_deref(), Some("❤️"));
    assert_eq!(
        (message.chat, message.from_me),
        (ChatId::person("393470000001"), false)
    );
}

#[test]
fn a_reaction_taken_away_has_no_emoji() {
    let payload =
        json!({"id": "false_1@c.us_R", "reaction": {"text": "", "messageId": "true_1@c.us_T"}});
    let EventKind::Reaction { emoji, .. } = made("message.reaction", &payload).unwrap().kind else {
        panic!()
    };
    assert_eq!(emoji, None);
}

#[test]
fn an_edit_points_at_a_message() {
    let payload = json!({"id": "false_1@c.us_E", "body": "nuovo", "editedMessageId": "3EB0OLD"});
    let EventKind::Edited {
        target_raw_id,
        message,
    } = made("message.edited", &payload).unwrap().kind
    else {
        panic!()
    };
    assert_eq!(
        (target_raw_id.as_str(), message.body.as_deref()),
        ("3EB0OLD", Some("nuovo"))
    );
}

#[test]
fn a_deletion_points_at_a_message() {
    let after = json!({"id": "false_1@c.us_D"});
    let payload =
        json!({"after": after, "before": null, "revokedMessageId": "3EB0OLD", "_data": {}});
    let revoked = |chat| EventKind::Revoked {
        target_raw_id: "3EB0OLD".to_owned(),
        chat,
    };
    assert_eq!(
        made("message.revoked", &payload).unwrap().kind,
        revoked(Some(ChatId::person("1")))
    );
    let before = json!({"before": {"id": "false_1@c.us_3EB0OLD"}, "after": null});
    assert_eq!(
        made("message.revoked", &before).unwrap().kind,
        revoked(Some(ChatId::person("1")))
    );
    assert_eq!(
        made("message.revoked", &json!({"revokedMessageId": "3EB0OLD"}))
            .unwrap()
            .kind,
        revoked(None)
    );
}

#[test]
fn a_waiting_message_is_not_a_message_yet() {
    let event = made(
        "message.waiting",
        &json!({"id": "false_1@c.us_W", "body": null}),
    )
    .unwrap();
    assert!(matches!(event.kind, EventKind::Waiting(message) if message.raw_id == "W"));
}

#[test]
fn other_events_are_named_and_not_read() {
    assert_eq!(
        made("party.started", &json!(5)).unwrap().kind,
        EventKind::Other("party.started".to_owned())
    );
}

#[rstest]
#[case("")]
#[case("[]")]
#[case(r#"{"event":"message"}"#)]
#[case(r#"{"session":"default","timestamp":1,"payload":{}}"#)]
#[case(r#"{"event":"message","session":"default","payload":{}}"#)]
fn what_is_no_envelope_is_refused(#[case] body: &str) {
    assert_eq!(Event::parse(body.as_bytes()), Err(BadEvent::Envelope));
}

#[rstest]
#[case("message", json!({"body": "no id"}))]
#[case("message.any", json!(null))]
#[case("message.ack", json!({"id": "true_1@c.us_A", "ack": null, "ackName": "UNKNOWN"}))]
#[case("message.ack", json!({"id": "3EB0", "ack": 2}))]
#[case("message.reaction", json!({"id": "false_1@c.us_R"}))]
#[case("message.revoked", json!({"after": null}))]
#[case("message.edited", json!({"editedMessageId": "X"}))]
#[case("session.status", json!({"name": "default"}))]
fn a_known_event_with_a_broken_payload_is_refused(#[case] event: &str, #[case] payload: Value) {
    assert_eq!(
        made(event, &payload),
        Err(BadEvent::Payload {
            event: event.to_owned()
        })
    );
}

#[test]
fn nothing_private_is_shown() {
    for name in [
        "message",
        "message-lid",
        "reaction",
        "ack-device",
        "session-status-working",
    ] {
        let shown = format!("{:?}", parse(name));
        for private in [
            "39347", "39333", "Ciao", "Zia", "Sposo", "@lid", "111222", "❤",
        ] {
            assert!(!shown.contains(private), "{private} in {shown}");
        }
    }
}
