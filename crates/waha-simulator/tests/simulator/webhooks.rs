//! Webhook deliveries: headers, signatures, retries, redirects, and their misbehaviour (recordings F, G and J of 2026.4.1).

use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::Sha512;
use waha_simulator::{GlobalWebhook, Profile};

use crate::scene::{HOOK, Received, Scene, ZIA, ZIA_CHAT, config_with};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

pub(crate) fn hmac(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).expect("any key");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn gaps(posts: &[Received]) -> Vec<f64> {
    let seconds = |(one, next): (&Received, &Received)| (next.at - one.at).as_seconds_f64();
    posts
        .iter()
        .zip(posts.iter().skip(1))
        .map(seconds)
        .collect()
}

fn near(gaps: &[f64], wanted: &[f64]) {
    assert_eq!(gaps.len(), wanted.len(), "{gaps:?}");
    for (gap, wanted) in gaps.iter().zip(wanted) {
        assert!((gap - wanted).abs() < 0.01, "{gaps:?}");
    }
}

/// A working session whose hook has these settings and gets `message` only.
pub(crate) fn with_hook(settings: &Value) -> Scene {
    let scene = Scene::of(P2026);
    let mut hook = json!({"events": ["message"]});
    for (name, value) in settings.as_object().expect("an object") {
        hook[name] = value.clone();
    }
    scene.sim.work_at_once(config_with(&hook));
    scene
}

#[test]
fn the_test_vector_of_the_documentation() {
    let body = br#"{"event":"message","session":"default","engine":"WEBJS"}"#;
    assert!(
        hmac("my-secret-key", body)
            .starts_with("208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8")
    );
}

#[tokio::test(start_paused = true)]
async fn a_delivery_complete() {
    let scene = with_hook(&json!({"customHeaders": [{"name": "X-My", "value": "v"}]}));
    let raw_id = scene.sim.guest(ZIA).named("Zia Pina").write("Ciao àè 💍");
    scene.pass(1).await;
    let post = scene.receiver.all().pop().expect("a post");
    let header = |name: &str| post.headers[name].to_str().expect("a text").to_owned();
    assert_eq!(header("accept"), "application/json, text/plain, */*");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("user-agent"), "WAHA/2026.4.1");
    assert_eq!(header("x-my"), "v");
    assert_eq!(header("x-webhook-request-id").len(), 17);
    assert_eq!(
        header("x-webhook-timestamp"),
        post.body["timestamp"].to_string()
    );
    assert_eq!(header("x-webhook-hmac"), hmac("sess-secret", &post.raw));
    assert_eq!(header("x-webhook-hmac-algorithm"), "sha512");

    let mut body = post.body.clone();
    let id = body["id"].as_str().expect("an id").to_owned();
    assert!(
        id.starts_with("evt_") && id.len() == 30 && id == id.to_lowercase(),
        "{id}"
    );
    body["id"] = json!("…");
    for field in ["deviceListMetadata/senderKeyHash", "messageSecret"] {
        let path = format!("/payload/_data/message/messageContextInfo/{field}");
        *body.pointer_mut(&path).expect("a secret") = json!("…");
    }
    let (ms, s) = (post.at.timestamp_millis(), post.at.timestamp());
    let recorded = json!({"id":"…","timestamp":ms,"event":"message","session":"default","metadata":{"who":"sposo"},"me":{"id":"393331112222@c.us","pushName":"Sposo","lid":"111222333444555@lid"},"payload":{"id":format!("false_{ZIA_CHAT}_{raw_id}"),"timestamp":s,"from":"393470000001@c.us","fromMe":false,"source":"app","body":"Ciao àè 💍","hasMedia":false,"media":null,"ack":2,"ackName":"DEVICE","location":null,"vCards":null,"replyTo":null,"_data":{"key":{"remoteJid":"393470000001@s.whatsapp.net","addressingMode":"pn","fromMe":false,"id":raw_id},"messageTimestamp":s,"pushName":"Zia Pina","broadcast":false,"message":{"conversation":"Ciao àè 💍","messageContextInfo":{"deviceListMetadata":{"senderKeyHash":"…","senderTimestamp":s.to_string()},"deviceListMetadataVersion":2,"messageSecret":"…"}},"status":3}},"engine":"NOWEB","environment":{"version":"2026.4.1","engine":"NOWEB","tier":"CORE","browser":null,"platform":"linux/x64","worker":{"id":null}}});
    assert_eq!(body, recorded);
}

#[tokio::test(start_paused = true)]
async fn message_and_message_any_share_one_envelope_id() {
    let scene = Scene::working(P2026);
    scene.sim.guest(ZIA).write("una");
    scene.pass(1).await;
    let (message, any) = (
        scene.receiver.events("message"),
        scene.receiver.events("message.any"),
    );
    assert_eq!((message.len(), any.len()), (1, 1));
    assert_eq!(message[0].body["id"], any[0].body["id"]);
    assert_ne!(
        message[0].headers["x-webhook-request-id"],
        any[0].headers["x-webhook-request-id"]
    );
}

#[rstest]
#[case(500)]
#[case(400)]
#[tokio::test(start_paused = true)]
async fn every_failure_is_retried_fifteen_times(#[case] status: u16) {
    let scene = with_hook(&json!({}));
    scene
        .receiver
        .answer_always(StatusCode::from_u16(status).expect("a status"));
    scene.sim.guest(ZIA).write("una");
    scene.pass(120).await;
    let posts = scene.receiver.all();
    near(&gaps(&posts), &[2.0; 15]);
    assert!(
        posts
            .iter()
            .all(|post| post.raw == posts[0].raw && post.headers == posts[0].headers)
    );
}

#[rstest]
#[case(json!({"policy":"linear","delaySeconds":1,"attempts":4}), &[1.0, 2.0, 3.0, 4.0])]
#[case(json!({"policy":"constant","delaySeconds":3,"attempts":3}), &[3.0, 3.0, 3.0])]
#[case(json!({"delaySeconds":0,"attempts":3}), &[0.0, 0.0, 0.0])]
#[case(json!({"delaySeconds":-1,"attempts":2}), &[0.0, 0.0])]
#[case(json!({"delaySeconds":0.3,"attempts":2}), &[0.3, 0.3])]
#[case(json!({"attempts":0}), &[])]
#[tokio::test(start_paused = true)]
async fn retry_policies(#[case] retries: Value, #[case] wanted: &[f64]) {
    let scene = with_hook(&json!({"retries": retries}));
    scene.receiver.answer_always(StatusCode::BAD_GATEWAY);
    scene.sim.guest(ZIA).write("una");
    scene.pass(120).await;
    near(&gaps(&scene.receiver.all()), wanted);
}

#[tokio::test(start_paused = true)]
async fn exponential_begins_at_twice_the_delay() {
    let scene =
        with_hook(&json!({"retries": {"policy":"exponential","delaySeconds":1,"attempts":4}}));
    scene.receiver.answer_always(StatusCode::BAD_GATEWAY);
    scene.sim.guest(ZIA).write("una");
    scene.pass(120).await;
    let gaps = gaps(&scene.receiver.all());
    assert_eq!(gaps.len(), 4);
    for (gap, base) in gaps.iter().zip([2.0, 4.0, 8.0, 16.0]) {
        assert!((base..=base * 1.2).contains(gap), "{gaps:?}");
    }
}

#[rstest]
#[case("7", 7.0)]
#[case("1", 2.0)]
#[tokio::test(start_paused = true)]
async fn a_receiver_can_ask_for_more_time(#[case] asked: &'static str, #[case] gap: f64) {
    let scene = with_hook(&json!({}));
    scene
        .receiver
        .answer_next((StatusCode::TOO_MANY_REQUESTS, [("retry-after", asked)]));
    scene.sim.guest(ZIA).write("una");
    scene.pass(60).await;
    near(&gaps(&scene.receiver.all()), &[gap]);
}

#[rstest]
#[case(302, "GET", 0)]
#[case(307, "POST", 1)]
#[tokio::test(start_paused = true)]
async fn redirects(#[case] status: u16, #[case] method: &str, #[case] with_body: usize) {
    let scene = with_hook(&json!({}));
    let status = StatusCode::from_u16(status).expect("a status");
    let place = [("location", "http://receiver:8080/other")];
    scene.receiver.answer_next((status, place).into_response());
    scene.sim.guest(ZIA).write("una");
    scene.pass(60).await;
    let posts = scene.receiver.all();
    assert_eq!(posts.len(), 2, "its 200 counts as delivered");
    assert_eq!(posts[1].method, method);
    assert_eq!(usize::from(!posts[1].raw.is_empty()), with_body);
    assert!(posts[1].headers.contains_key("x-webhook-hmac"));
}

#[tokio::test(start_paused = true)]
async fn the_global_hook_and_the_sessions_both_fire() {
    let scene = Scene::with(P2026, |config| {
        config.global_webhook = Some(GlobalWebhook {
            url: HOOK.to_owned(),
            events: vec!["*".to_owned()],
            hmac_key: Some("hmac-groom".to_owned()),
        });
    });
    let mut own = config_with(&json!({"events": ["message"]}));
    own["webhooks"][0]
        .as_object_mut()
        .expect("a hook")
        .remove("hmac");
    scene.sim.work_at_once(own);
    scene.sim.guest(ZIA).write("una");
    scene.pass(1).await;
    let posts = scene.receiver.events("message");
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[0].body["id"], posts[1].body["id"]);
    let signed = posts
        .iter()
        .filter(|post| post.headers.contains_key("x-webhook-hmac"));
    assert_eq!(signed.count(), 1, "a session hook inherits nothing");
}

#[tokio::test(start_paused = true)]
async fn attempts_are_recorded() {
    let scene = with_hook(&json!({}));
    scene.receiver.answer_next(StatusCode::SERVICE_UNAVAILABLE);
    let began: DateTime<Utc> = scene.clock.now();
    scene.sim.guest(ZIA).write("una");
    scene.pass(10).await;
    let posted = scene.sim.posted();
    let told: Vec<_> = posted
        .iter()
        .map(|post| (post.event.as_str(), post.attempt, post.answer))
        .collect();
    assert_eq!(told, [("message", 1, Some(503)), ("message", 2, Some(200))]);
    assert!(posted[1].at > began);
}
