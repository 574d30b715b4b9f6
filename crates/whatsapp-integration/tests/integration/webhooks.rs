//! What is taken in, from whom, and what is answered so that nothing is lost and nothing comes for ever.

use std::time::Duration;

use bytes::Bytes;
use chassis::service_auth::BearerToken;
use domain::ack::Ack;
use domain::chat_id::ChatId;
use domain::session::SessionState;
use domain::wire::{AckFact, Fact, ObservedMessage};
use http::{Request, Response, StatusCode};
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::sleep;
use waha::Signature;
use waha_simulator::{Misbehaviour, Profile};

use crate::world::{GUEST, Setting, TOKEN, World, groom, webhook_secret};

pub(crate) fn path() -> String {
    let part = webhook_secret().path_part(&groom());
    format!("/webhooks/groom/{}", part.expose_secret())
}

pub(crate) fn sign(body: &[u8]) -> String {
    Signature::of(&webhook_secret().signing_key(&groom()), body).to_string()
}

async fn post(world: &World, path: &str, body: &[u8], signature: Option<&str>) -> Response<Bytes> {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(signature) = signature {
        request = request.header(Signature::HEADER, signature);
    }
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    let patience = Duration::from_mins(5);
    world
        .webhooks
        .call(request, patience)
        .await
        .expect("an answer")
}

pub(crate) async fn signed(world: &World, event: &Value) -> u16 {
    let body = event.to_string();
    let answer = post(
        world,
        &path(),
        body.as_bytes(),
        Some(&sign(body.as_bytes())),
    )
    .await;
    answer.status().as_u16()
}

pub(crate) fn message(id: &str) -> Value {
    json!({
        "id": "evt_1", "timestamp": 1_777_629_600_500_i64, "event": "message.any", "session": "default",
        "payload": {"id": id, "timestamp": 1_777_629_600, "from": format!("{GUEST}@c.us"),
            "fromMe": false, "body": "Ciao", "hasMedia": false},
    })
}

fn direct() -> Value {
    message(&format!("false_{GUEST}@c.us_3EB0AA"))
}

#[tokio::test(start_paused = true)]
async fn a_signed_message_becomes_a_fact() {
    let world = World::new();
    assert_eq!(signed(&world, &direct()).await, 200);
    let facts = world.queue_api.stored();
    let [Fact::Message(message)] = &facts[..] else {
        panic!("{facts:?}");
    };
    let ObservedMessage {
        raw_id,
        chat,
        from_me,
        body,
        ..
    } = message;
    assert_eq!((raw_id.as_str(), *from_me), ("3EB0AA", false));
    assert_eq!(*chat, ChatId::Phone(GUEST.to_owned()));
    assert_eq!(body.as_deref(), Some("Ciao"));
    assert_eq!(message.at.timestamp(), 1_777_629_600);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_address_looks_like_no_address() {
    let world = World::new();
    let body = direct().to_string();
    let signature = sign(body.as_bytes());
    let nowhere = post(&world, "/nowhere", body.as_bytes(), Some(&signature)).await;
    assert_eq!(nowhere.status(), 404);
    let right = path();
    let other_session = right.replace("groom", "bride");
    for wrong in [
        "/webhooks/groom/wrong",
        other_session.as_str(),
        &right[..right.len() - 1],
    ] {
        let answer = post(&world, wrong, body.as_bytes(), Some(&signature)).await;
        assert_eq!(answer.status(), 404, "{wrong}");
        assert_eq!(answer.body(), nowhere.body(), "{wrong}");
    }
    assert_eq!(world.queue_api.calls().len(), 0);
}

#[rstest]
#[case::missing(None)]
#[case::of_another_body(Some(sign(b"another body")))]
#[case::no_hex(Some("nonsense".to_owned()))]
#[tokio::test(start_paused = true)]
async fn a_body_must_be_signed(#[case] signature: Option<String>) {
    let world = World::with(Setting::default());
    // not even JSON: the signature is looked at first
    let answer = post(&world, &path(), b"{", signature.as_deref()).await;
    assert_eq!(answer.status().as_u16(), 401);
    assert_eq!(world.queue_api.calls().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn our_own_token_opens_no_door_here() {
    let world = World::new();
    let token = BearerToken::new(TOKEN.to_owned().into()).unwrap();
    let request = Request::post(path())
        .header("authorization", token.header_value())
        .body(Bytes::from_static(b"{}"))
        .unwrap();
    let answer = world
        .webhooks
        .call(request, Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
}

#[rstest]
#[case::no_json(json!("nonsense"))]
#[case::no_payload(json!({"event": "message.any", "session": "default", "timestamp": 1}))]
#[case::of_another_session({ let mut e = direct(); e["session"] = json!("other"); e })]
#[case::unknown_event(json!({"event": "label.upsert", "session": "default", "timestamp": 1, "payload": {}}))]
#[case::group(message("false_120363000000000001@g.us_3EB0_393470000001@c.us"))]
#[case::channel(message("false_1@newsletter_3EB0"))]
#[case::status(message("false_status@broadcast_3EB0_393470000001@c.us"))]
#[case::receipt_of_theirs(json!({"event": "message.ack", "session": "default", "timestamp": 1,
    "payload": {"id": "false_393470000001@c.us_3EB0", "ack": 3, "fromMe": false}}))]
#[tokio::test(start_paused = true)]
async fn what_is_of_no_use_is_answered_once_and_forgotten(#[case] event: Value) {
    let world = World::new();
    assert_eq!(signed(&world, &event).await, 200);
    assert_eq!(world.queue_api.calls().len(), 0);
}

#[rstest]
#[case(StatusCode::NO_CONTENT, 200)]
#[case(StatusCode::BAD_REQUEST, 200)]
#[case(StatusCode::UNPROCESSABLE_ENTITY, 200)]
#[case(StatusCode::UNAUTHORIZED, 503)]
#[case(StatusCode::NOT_FOUND, 503)]
#[case(StatusCode::TOO_MANY_REQUESTS, 503)]
#[case(StatusCode::INTERNAL_SERVER_ERROR, 503)]
#[case(StatusCode::SERVICE_UNAVAILABLE, 503)]
#[tokio::test(start_paused = true)]
async fn the_answer_follows_queue_api(#[case] status: StatusCode, #[case] answer: u16) {
    let world = World::new();
    world.queue_api.answer(status);
    assert_eq!(signed(&world, &direct()).await, answer);
}

#[tokio::test(start_paused = true)]
async fn without_queue_api_waha_shall_come_again() {
    let world = World::new();
    world.queue_api.peer.stop();
    assert_eq!(signed(&world, &direct()).await, 503);
}

#[tokio::test(start_paused = true)]
async fn a_body_of_seventeen_mebibytes_is_too_large() {
    let world = World::new();
    let body = vec![b' '; 17 * 1024 * 1024];
    let answer = post(&world, &path(), &body, Some(&sign(&body))).await;
    assert_eq!(answer.status(), 413);
}

#[tokio::test(start_paused = true)]
async fn everything_a_guest_does_arrives() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    let guest = world.waha.guest(GUEST).named("Zia Ada");
    let raw = guest.write("Vengo");
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == raw);
    world.queue_api.until_stored(is_it).await;
    guest.edit(&raw, "Vengo in due");
    let edited = |fact: &Fact| {
        matches!(fact, Fact::Edited { target, message }
            if *target == raw && message.body.as_deref() == Some("Vengo in due"))
    };
    world.queue_api.until_stored(edited).await;
    guest.revoke(&raw);
    let revoked = |fact: &Fact| matches!(fact, Fact::Revoked { target, .. } if *target == raw);
    world.queue_api.until_stored(revoked).await;
    let waiting = guest.write_undecrypted();
    let is_it =
        |fact: &Fact| matches!(fact, Fact::Waiting(m) if m.raw_id == waiting && m.body.is_none());
    world.queue_api.until_stored(is_it).await;
    let ours = world.waha.type_by_hand(GUEST, "Bene!");
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == ours && m.from_me);
    world.queue_api.until_stored(is_it).await;
    guest.react(&ours, "❤️");
    let reaction = |fact: &Fact| {
        matches!(fact, Fact::Reaction { target, emoji, from_me: false, .. }
            if *target == ours && emoji == "❤️")
    };
    world.queue_api.until_stored(reaction).await;
    guest.reads(&ours);
    let read = |fact: &Fact| matches!(fact, Fact::Ack(AckFact { raw_id, ack: Ack::Read, .. }) if *raw_id == ours);
    world.queue_api.until_stored(read).await;
}

/// A restart of WAHA can be over before its first event was looked into.
#[tokio::test(start_paused = true)]
async fn a_connection_that_was_lost_and_is_back_is_reported_as_lost_first() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_secs(30)).await;
    let event = |status: &str, ago: i64| {
        json!({
            "id": "evt_2", "timestamp": world.clock.now().timestamp_millis() - ago, "event": "session.status",
            "session": "default", "payload": {"name": "default", "status": status},
        })
    };
    for (event, told) in [
        (
            event("STARTING", 0),
            vec![SessionState::Connecting, SessionState::Connected],
        ),
        (event("STARTING", 1000), vec![SessionState::Connected]),
        (event("WORKING", 1000), vec![SessionState::Connected]),
    ] {
        let before = world.queue_api.stored().len();
        assert_eq!(signed(&world, &event).await, 200);
        let stored = world.queue_api.stored().split_off(before);
        let state = |fact: &Fact| match fact {
            Fact::Session(view) => Some(view.state),
            _ => None,
        };
        let states: Vec<_> = stored.iter().filter_map(state).collect();
        assert!(states.starts_with(&told), "{event}: {states:?}");
    }
}

/// WAHA posts the event again, and then both are told.
#[tokio::test(start_paused = true)]
async fn a_lost_connection_that_cannot_be_stored_is_reported_again() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_secs(30)).await;
    let event = json!({
        "id": "evt_2", "timestamp": world.clock.now().timestamp_millis(), "event": "session.status",
        "session": "default", "payload": {"name": "default", "status": "STARTING"},
    });
    let before = world.queue_api.stored().len();
    world.queue_api.refuse_next();
    assert_eq!(signed(&world, &event).await, 503);
    assert_eq!(signed(&world, &event).await, 200);
    let stored = world.queue_api.stored().split_off(before);
    let [Fact::Session(lost), Fact::Session(back), ..] = &stored[..] else {
        panic!("{stored:?}");
    };
    let states = (lost.state, back.state);
    assert_eq!(
        states,
        (SessionState::Connecting, SessionState::Connected),
        "{stored:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_queue_api_loses_nothing() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_secs(30)).await;
    world.queue_api.peer.stop();
    let raw = world.waha.guest(GUEST).write("Ci sei?");
    sleep(Duration::from_mins(3)).await;
    world.queue_api.come_back();
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == raw);
    world.queue_api.until_stored(is_it).await;
}

#[tokio::test(start_paused = true)]
async fn a_badly_signed_event_of_waha_itself_is_refused() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_secs(30)).await;
    world.waha.misbehave(
        Misbehaviour::WebhooksBadlySigned
            .always()
            .of_event("message.any"),
    );
    let before = world.queue_api.stored().len();
    world.waha.guest(GUEST).write("Chi sono?");
    sleep(Duration::from_mins(1)).await;
    assert_eq!(world.queue_api.stored().len(), before);
    let refused = world
        .waha
        .posted()
        .into_iter()
        .filter(|post| post.answer == Some(401))
        .count();
    assert!(refused >= 3, "{refused}");
}

/// Signed as it is, read without what no database takes: else it would come again and again, and never be stored.
#[tokio::test(start_paused = true)]
async fn a_nul_and_half_a_character_do_not_keep_a_message_out() {
    let world = World::new();
    let body = direct().to_string().replace("Ciao", r"Ci\u0000ao \ud83d!");
    let signature = sign(body.as_bytes());
    let answer = post(&world, &path(), body.as_bytes(), Some(&signature)).await;
    assert_eq!(answer.status(), 200);
    let facts = world.queue_api.stored();
    let [Fact::Message(message)] = &facts[..] else {
        panic!("{facts:?}");
    };
    assert_eq!(message.body.as_deref(), Some("Ciao \u{fffd}!"));

    let cleaned = body.replace(r"\u0000", "").replace(r"\ud83d", "\u{fffd}");
    let answer = post(&world, &path(), cleaned.as_bytes(), Some(&signature)).await;
    assert_eq!(
        answer.status(),
        401,
        "the signature is of the bytes as they came"
    );
}
