//! Sends and their answers (recordings D, I and J of 2026.4.1, and WAHA §4.4 for the other engines).

use bytes::Bytes;
use http::Request;
use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{Misbehaviour, Profile, RecordedCall};

use crate::scene::{Answer, KEY, Scene, ZIA, ZIA_CHAT, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;
const NEWEST: Profile = Profile::Waha2026_10NoWeb;
const GOWS: Profile = Profile::Waha2026_10Gows;
const WEBJS: Profile = Profile::Waha2026_10WebJs;

async fn send(scene: &Scene, body: Value) -> Answer {
    let mut whole = json!({"session": "default", "chatId": ZIA_CHAT, "text": "ciao"});
    for (name, value) in body.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    scene.post("/api/sendText", whole).await
}

/// Blanks what is made up anew each time.
fn blank(mut body: Value, paths: &[&str]) -> Value {
    for path in paths {
        let place = body
            .pointer_mut(path)
            .unwrap_or_else(|| panic!("nothing at {path}"));
        assert!(place.is_string(), "{path} is {place}");
        *place = json!("…");
    }
    body
}

#[tokio::test(start_paused = true)]
async fn the_answer_of_noweb() {
    let scene = Scene::working(P2026);
    let answer = send(&scene, json!({})).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        answer.headers["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(answer.raw_id().starts_with("3EB0") && answer.raw_id().len() == 22);
    let made_up = [
        "/key/id",
        "/message/messageContextInfo/messageSecret",
        "/messageTimestamp",
    ];
    let recorded = json!({"key":{"remoteJid":"393470000001@s.whatsapp.net","fromMe":true,"id":"…"},"message":{"extendedTextMessage":{"text":"ciao"},"messageContextInfo":{"messageSecret":"…"}},"messageTimestamp":"…","status":"PENDING"});
    assert_eq!(blank(answer.body, &made_up), recorded);
}

#[tokio::test(start_paused = true)]
async fn the_answers_of_the_other_engines() {
    let gows = Scene::working(GOWS);
    let body = send(&gows, json!({})).await.body;
    let raw_id = body["_data"]["Info"]["ID"].as_str().expect("an id");
    assert_eq!(body["id"], format!("true_{ZIA_CHAT}_{raw_id}"));
    assert_eq!(body["_data"]["Info"]["Chat"], "393470000001@s.whatsapp.net");

    let webjs = Scene::working(WEBJS);
    let body = send(&webjs, json!({})).await.body;
    let raw_id = body["id"]["id"].as_str().expect("an id");
    let id = json!({"fromMe": true, "remote": ZIA_CHAT, "id": raw_id, "_serialized": format!("true_{ZIA_CHAT}_{raw_id}")});
    assert_eq!(
        (&body["id"], &body["_data"]["id"], &body["ack"]),
        (&id, &id, &json!(0))
    );
}

#[rstest]
#[case("393470000001", "393470000001@s.whatsapp.net")]
#[case("+393470000001", "+393470000001@s.whatsapp.net")]
#[case("393470000001@s.whatsapp.net", "393470000001@s.whatsapp.net")]
#[case("77@lid", "77@lid")]
#[case("hello", "hello@s.whatsapp.net")]
#[case("", "@s.whatsapp.net")]
#[tokio::test(start_paused = true)]
async fn nothing_is_validated(#[case] chat: &str, #[case] jid: &str) {
    let answer = send(&Scene::working(P2026), json!({"chatId": chat, "text": ""})).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["key"]["remoteJid"], jid);
}

#[tokio::test(start_paused = true)]
async fn a_group_send_names_the_own_device() {
    let answer = send(
        &Scene::working(P2026),
        json!({"chatId": "120363000000000001@g.us"}),
    )
    .await;
    assert_eq!(answer.body["participant"], "393331112222:1@s.whatsapp.net");
}

#[rstest]
#[case(json!({"session":"default","text":"x"}), "Cannot read properties of undefined (reading 'includes')", "TypeError")]
#[case(json!({"session":"default","chatId":393_470_000_001_i64,"text":"x"}), "phone.includes is not a function", "TypeError")]
#[case(json!({"session":"default","chatId":null,"text":"x"}), "Cannot read properties of null (reading 'includes')", "TypeError")]
#[case(json!({"session":"default","chatId":ZIA_CHAT}), "Invalid media type", "Error")]
#[case(json!({"session":"default","chatId":ZIA_CHAT,"text":5}), "text.match is not a function", "TypeError")]
#[tokio::test(start_paused = true)]
async fn what_is_missing_fails_in_nodes_words(
    #[case] body: Value,
    #[case] message: &str,
    #[case] name: &str,
) {
    let scene = Scene::working(P2026);
    let answer = scene.post("/api/sendText", body.clone()).await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body["exception"]["message"], message);
    assert_eq!(answer.body["exception"]["name"], name);
    let request = json!({"path":"/api/sendText","method":"POST","body":body,"query":{}});
    assert_eq!(answer.body["request"], request, "the echo");
    assert_eq!(answer.body["version"]["version"], "2026.4.1");
    assert_eq!(answer.body["timestamp"], "2026-11-23T00:20:00.000Z");
    assert_eq!(scene.sim.all_deliveries(), []);
}

#[rstest]
#[case("application/json", "")]
#[case("application/json", "[]")]
#[case("application/json", "{\"session\":\"\",\"text\":\"x\"}")]
#[case("application/json", "{\"session\":5,\"text\":\"x\"}")]
#[case("text/plain", "{\"session\":\"default\"}")]
#[tokio::test(start_paused = true)]
async fn without_a_session_name(#[case] kind: &str, #[case] body: &str) {
    let scene = Scene::working(P2026);
    let answer = raw(&scene, kind, body).await;
    let recorded =
        json!({"message":"Session name is required","error":"Bad Request","statusCode":400});
    assert_eq!((answer.status.as_u16(), answer.body), (400, recorded));
}

async fn raw(scene: &Scene, kind: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri("/api/sendText")
        .header("x-api-key", KEY)
        .header("content-type", kind)
        .body(Bytes::from(body.to_owned()))
        .expect("a request");
    scene.raw(request).await.expect("an answer")
}

#[tokio::test(start_paused = true)]
async fn a_form_is_as_good_as_json() {
    let scene = Scene::working(P2026);
    let form = "session=default&chatId=393470000001%40c.us&text=form+ciao";
    let answer = raw(&scene, "application/x-www-form-urlencoded", form).await;
    assert_eq!(
        answer.body["message"]["extendedTextMessage"]["text"],
        "form ciao"
    );
    assert_eq!(scene.sim.phone(ZIA).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_own_id_is_used_by_the_newest_only() {
    let chosen = "3EB0AAAABBBBCCCCDDDDEE";
    let old = Scene::working(P2026);
    assert_ne!(send(&old, json!({"id": chosen})).await.raw_id(), chosen);

    let scene = Scene::working(NEWEST);
    let given = scene.get("/api/default/new-message-id").await.body;
    let given = given["id"].as_str().expect("an id");
    assert_eq!(
        send(&scene, json!({"id": given, "text": "primo"}))
            .await
            .raw_id(),
        given
    );
    // a repeated id is a second send; the store keeps one row, the later text
    assert_eq!(
        send(&scene, json!({"id": given, "text": "secondo"}))
            .await
            .raw_id(),
        given
    );
    assert_eq!(scene.sim.phone(ZIA).len(), 2);
    let list = scene
        .get(&format!("/api/default/chats/{ZIA_CHAT}/messages"))
        .await
        .body;
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(list[0]["body"], "secondo");

    let webjs = Scene::working(WEBJS);
    assert_eq!(webjs.get("/api/default/new-message-id").await.status, 501);
    let answer = send(&webjs, json!({"id": chosen})).await.body;
    assert_ne!(answer["id"]["id"], chosen);
}

#[tokio::test(start_paused = true)]
async fn a_reply_quotes_what_the_store_knows() {
    let scene = Scene::working(P2026);
    let first = send(&scene, json!({})).await.raw_id();
    let recorded = json!({"stanzaId":first,"participant":"393331112222@s.whatsapp.net","quotedMessage":{"extendedTextMessage":{"text":"ciao"}}});
    for reference in [format!("true_{ZIA_CHAT}_{first}"), first.clone()] {
        let reply = send(&scene, json!({"reply_to": reference})).await.body;
        assert_eq!(
            reply["message"]["extendedTextMessage"]["contextInfo"],
            recorded
        );
    }
    let unknown = send(&scene, json!({"reply_to": "true_393470000001@c.us_NOPE"}))
        .await
        .body;
    assert_eq!(
        unknown["message"]["extendedTextMessage"],
        json!({"text": "ciao"})
    );
    let quotes: Vec<_> = scene
        .sim
        .phone(ZIA)
        .into_iter()
        .map(|shown| shown.quoted)
        .collect();
    assert_eq!(quotes, [None, Some(first.clone()), Some(first), None]);

    let asked = scene.sim.guest(ZIA).write("Venite?");
    let reply = send(
        &scene,
        json!({"reply_to": format!("false_{ZIA_CHAT}_{asked}")}),
    )
    .await
    .body;
    let context = &reply["message"]["extendedTextMessage"]["contextInfo"];
    let recorded = json!({"stanzaId":asked,"participant":"393470000001@s.whatsapp.net","quotedMessage":{"conversation":"Venite?"}});
    assert_eq!(context, &recorded);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_session_sends_nothing() {
    let answer = Scene::of(P2026).send("x").await;
    assert_eq!(answer.status, 422);
    assert!((answer.seconds - 5.0).abs() < 0.01, "{}", answer.seconds);
}

#[tokio::test(start_paused = true)]
async fn a_session_in_another_status_holds_the_call() {
    let scene = Scene::working(P2026);
    scene.sim.unlink_from_phone();
    let answer = scene.send("x").await;
    let recorded = json!({"error":"Session status is not as expected. Try again later or restart the session","session":"default","status":"FAILED","expected":["WORKING"]});
    assert_eq!((answer.status.as_u16(), answer.body), (422, recorded));
    assert!((answer.seconds - 10.0).abs() < 0.01, "{}", answer.seconds);
    let last = scene.sim.record().pop().expect("an entry").what;
    assert_eq!(
        last,
        RecordedCall::SendAnswered {
            status: 422,
            raw_id: None
        }
    );
}

#[tokio::test(start_paused = true)]
async fn the_hold_can_be_shortened() {
    let scene = Scene::with(P2026, |config| {
        config.hold_before_422 = Some(std::time::Duration::from_millis(50));
    });
    let answer = scene.send("x").await;
    assert_eq!(answer.status, 422);
    assert!((answer.seconds - 0.05).abs() < 0.01, "{}", answer.seconds);
}

#[tokio::test(start_paused = true)]
async fn the_event_comes_before_the_answer() {
    let scene = Scene::working(P2026);
    let delay = std::time::Duration::from_secs(4);
    scene.sim.misbehave(Misbehaviour::SlowToAnswer { delay });
    let began = scene.clock.now();
    let answer = scene.send("evento prima").await;
    let event = scene
        .receiver
        .events("message.any")
        .pop()
        .expect("an event");
    assert!((event.at - began).as_seconds_f64() < 0.05);
    assert!(answer.seconds >= 4.0, "{}", answer.seconds);
    let made_up = ["/_data/message/messageContextInfo/messageSecret"];
    let id = format!("true_{ZIA_CHAT}_{}", answer.raw_id());
    let seconds = began.timestamp();
    let recorded = json!({"id":id,"timestamp":seconds,"from":"393470000001@c.us","fromMe":true,"source":"api","body":"evento prima","hasMedia":false,"media":null,"ack":0,"ackName":"PENDING","location":null,"vCards":null,"replyTo":null,"_data":{"key":{"remoteJid":"393470000001@s.whatsapp.net","fromMe":true,"id":answer.raw_id()},"message":{"extendedTextMessage":{"text":"evento prima"},"messageContextInfo":{"messageSecret":"…"}},"messageTimestamp":seconds.to_string(),"status":"PENDING"}});
    assert_eq!(blank(event.body["payload"].clone(), &made_up), recorded);
}

#[tokio::test(start_paused = true)]
async fn the_event_can_come_after_the_answer() {
    let scene = Scene::with(P2026, |config| {
        config.own_event_after_answer = Some(std::time::Duration::from_secs(1));
    });
    scene.sim.work_at_once(config());
    scene.send("ciao").await;
    assert_eq!(scene.receiver.events("message.any").len(), 0);
    scene.pass(2).await;
    assert_eq!(scene.receiver.events("message.any").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_receiver_does_not_hold_the_answer() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(Misbehaviour::WebhooksLate {
        delay: std::time::Duration::from_secs(9),
    });
    let answer = scene.send("ciao").await;
    assert!(answer.seconds < 0.05, "{}", answer.seconds);
}

#[tokio::test(start_paused = true)]
async fn fifty_sends_at_once() {
    let scene = Scene::working(P2026);
    let sends = (0..50).map(|n| scene.send(if n % 2 == 0 { "pari" } else { "dispari" }));
    let answers = futures_util::future::join_all(sends).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!(scene.sim.phone(ZIA).len(), 50);
}
