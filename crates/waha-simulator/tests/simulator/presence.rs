//! Seen, typing and presence (recordings D and K of 2026.4.1).

use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{Profile, RecordedCall};

use crate::scene::{Scene, ZIA, ZIA_CHAT, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

fn on_chat() -> Value {
    json!({"session": "default", "chatId": ZIA_CHAT})
}

/// What happened on WhatsApp's side, in short words.
fn signs(scene: &Scene) -> Vec<String> {
    let word = |call: RecordedCall| match call {
        RecordedCall::Online { by_itself } => Some(format!("online {by_itself}")),
        RecordedCall::Offline { by_itself } => Some(format!("offline {by_itself}")),
        RecordedCall::Seen { ids, .. } => Some(format!("seen {}", ids.len())),
        RecordedCall::TypingStarted { .. } => Some("typing".to_owned()),
        RecordedCall::TypingStopped { .. } => Some("paused".to_owned()),
        RecordedCall::SendAccepted { .. } => Some("sent".to_owned()),
        _ => None,
    };
    scene
        .sim
        .record()
        .into_iter()
        .filter_map(|entry| word(entry.what))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_account_goes_online_around_activity() {
    let scene = Scene::working(P2026);
    let raw_id = scene.sim.guest(ZIA).write("una");
    assert_eq!(signs(&scene), [""; 0]);
    let seen = json!({"session":"default","chatId":ZIA_CHAT,"messageIds":[format!("false_{ZIA_CHAT}_{raw_id}")]});
    scene.post("/api/sendSeen", seen).await;
    scene.post("/api/startTyping", on_chat()).await;
    scene.post("/api/stopTyping", on_chat()).await;
    scene.send("ciao").await;
    assert_eq!(
        signs(&scene),
        ["online true", "seen 1", "typing", "paused", "sent"]
    );
    scene
        .post("/api/default/presence", json!({"presence": "offline"}))
        .await;
    scene.send("ancora").await;
    assert_eq!(signs(&scene)[5..], ["offline false", "online true", "sent"]);
    scene.pass(12).await;
    scene.send("e ancora").await;
    scene.pass(20).await;
    assert_eq!(
        scene.get("/api/sessions/default").await.body["presence"],
        "online"
    );
    scene.pass(8).await;
    assert_eq!(
        scene.get("/api/sessions/default").await.body["presence"],
        "offline"
    );
    assert_eq!(signs(&scene)[8..], ["sent", "offline true"]);
    scene.get("/api/default/chats/all/messages").await;
    assert_eq!(signs(&scene).len(), 10, "reading changes nothing");
}

#[tokio::test(start_paused = true)]
async fn without_auto_online_presence_is_the_callers() {
    let scene = Scene::with(P2026, |config| config.auto_online = false);
    scene.sim.work_at_once(config());
    scene.post("/api/startTyping", on_chat()).await;
    scene.send("ciao").await;
    assert_eq!(
        scene.get("/api/sessions/default").await.body["presence"],
        Value::Null
    );
    scene
        .post("/api/default/presence", json!({"presence": "online"}))
        .await;
    scene.pass(60).await;
    assert_eq!(signs(&scene), ["typing", "sent", "online false"]);
}

#[tokio::test(start_paused = true)]
async fn presence_answers() {
    let scene = Scene::working(P2026);
    for presence in [
        json!({"presence":"offline"}),
        json!({"chatId":ZIA_CHAT,"presence":"typing"}),
        json!({"chatId":ZIA_CHAT,"presence":"paused"}),
    ] {
        let answer = scene.post("/api/default/presence", presence).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (201, 0));
    }
    for (body, word) in [
        (json!({"presence":"asleep"}), "asleep"),
        (json!({}), "undefined"),
        (json!({"presence":"typing"}), "typing"),
    ] {
        let answer = scene.post("/api/default/presence", body).await;
        let recorded = json!({"detail": format!("'{word}' presence requires 'chatId' field.")});
        assert_eq!((answer.status.as_u16(), answer.body), (400, recorded));
    }
    let typing = scene.post("/api/startTyping", on_chat()).await;
    assert_eq!(
        (typing.status.as_u16(), typing.body),
        (201, json!({"result": true}))
    );
    let nobody = scene
        .post("/api/startTyping", json!({"session": "default"}))
        .await;
    assert_eq!(
        nobody.body["exception"]["message"],
        "Cannot read properties of undefined (reading 'includes')"
    );
}

#[tokio::test(start_paused = true)]
async fn seen_without_ids_marks_what_is_unread() {
    let scene = Scene::working(P2026);
    let raw_id = scene.sim.guest(ZIA).write("una");
    let marked = scene.post("/api/sendSeen", on_chat()).await;
    let ids = json!({"ids": [format!("false_{ZIA_CHAT}_{raw_id}")]});
    assert_eq!((marked.status.as_u16(), marked.body), (201, ids));
    assert_eq!(
        scene.post("/api/sendSeen", on_chat()).await.body,
        json!({"ids": []})
    );
    let list = scene.get("/api/default/chats/all/messages").await.body;
    assert_eq!(
        (&list[0]["ack"], &list[0]["ackName"]),
        (&json!(3), &json!("READ"))
    );
    scene.sim.guest(ZIA).write("due");
    let path = format!("/api/default/chats/{ZIA_CHAT}/messages/read");
    let read = scene.post(&path, json!({})).await.body;
    assert_eq!(read["ids"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn seen_with_ids() {
    let scene = Scene::working(P2026);
    let raw_id = scene.sim.guest(ZIA).write("una");
    let full = format!("false_{ZIA_CHAT}_{raw_id}");
    for ids in [json!({"messageIds": [full]}), json!({"messageId": full})] {
        let mut body = on_chat();
        body.as_object_mut()
            .expect("an object")
            .extend(ids.as_object().expect("an object").clone());
        let answer = scene.post("/api/sendSeen", body).await;
        assert_eq!((answer.status.as_u16(), answer.bytes.len()), (201, 0));
    }
    let mut bare = on_chat();
    bare["messageIds"] = json!([raw_id]);
    let answer = scene.post("/api/sendSeen", bare).await;
    assert_eq!(
        answer.body["exception"]["message"],
        "Message id be in format false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA[_participant]"
    );
    let nobody = scene
        .post("/api/sendSeen", json!({"session": "default"}))
        .await;
    assert_eq!(
        nobody.body["exception"]["message"],
        "Cannot read properties of undefined (reading 'split')"
    );
}

#[rstest]
#[case(Profile::Waha2026_10Gows, "seen 0")]
#[case(Profile::Waha2026_10WebJs, "seen 1")]
#[tokio::test(start_paused = true)]
async fn seen_without_ids_elsewhere(#[case] profile: Profile, #[case] effect: &str) {
    let scene = Scene::working(profile);
    scene.sim.guest(ZIA).write("una");
    let answer = scene.post("/api/sendSeen", on_chat()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(signs(&scene).last().map(String::as_str), Some(effect));
}
