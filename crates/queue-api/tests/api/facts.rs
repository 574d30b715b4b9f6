//! Facts from the integration.

use std::time::Duration;

use domain::outcome::SendAnswer;
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::pages::browser::Browser;
use crate::world::{ANNA_CHAT, On, World, to_anna};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_guests_word_ends_the_wait_and_wakes_the_worker(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    let id = world.post("/messages", to_anna("Ciao!")).await.id();
    let waiting = world.get(&format!("/messages/{id}")).await.body;
    let _ = world.worker.nudges().await;

    world.anna_writes("IN1", "hello").await;
    let first = world.worker.nudges().await;
    world.anna_writes("IN1", "hello").await;
    let repeated = world.worker.nudges().await;

    assert_eq!(waiting["wait"]["reason"], "guest_has_not_written");
    assert_eq!(first, [json!(["groom"])]);
    assert_eq!(repeated, Vec::<Value>::new());
    assert!(world.get(&format!("/messages/{id}")).await.body["wait"].is_null());
    assert_eq!(world.count("conversation_message").await, 1);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn what_others_write_is_not_stored(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;

    world.anna_writes("IN1", "I am no guest").await;

    assert_eq!(world.count("conversation_message").await, 0);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_late_outcome_settles_the_doubt(#[case] on: On) {
    let mut world = World::on(on).await;
    let (id, attempt) = world.uncertain_message().await;
    let outcome = world.outcome(
        attempt,
        SendAnswer::Accepted {
            raw_id: Some("3EB0".to_owned()),
        },
    );
    let mut fact = serde_json::to_value(&outcome).unwrap();
    fact["fact"] = json!("outcome");

    let first = world.report("groom", json!([fact])).await;
    let again = world.report("groom", json!([fact])).await;

    assert_eq!(
        (first.status, again.status),
        (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT),
        "{}",
        first.body
    );
    assert_eq!(
        world.get(&format!("/messages/{id}")).await.body["status"],
        "sent"
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn receipts_and_refusals(#[case] on: On) {
    let mut world = World::on(on).await;
    let id = world.ready_message().await;
    let work = world.worker_is_sending().await;
    world
        .worker_finishes(
            &work,
            SendAnswer::Accepted {
                raw_id: Some("OUT1".to_owned()),
            },
        )
        .await;
    let ack = |level: i64| json!([{ "fact": "ack", "raw_id": "OUT1", "ack": level, "at": "2026-06-01T10:00:05Z" }]);
    let _ = world.worker.nudges().await;

    world.report("groom", ack(-1)).await;

    let failed = world.get(&format!("/messages/{id}")).await.body;
    assert_eq!(
        (&failed["status"], &failed["last_error"]),
        (&json!("failed"), &json!("refused_by_whatsapp")),
        "{failed}"
    );
    let advice = failed["failure_advice"].as_str().unwrap();
    assert!(advice.contains("ask the guest to write"), "{advice}");
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, &format!("/queue/{id}")).await;
    assert!(
        page.text().contains("Chiedile di scrivervi"),
        "{}",
        page.text()
    );
    assert_eq!(world.worker.nudges().await, [json!(["groom"])]);
    assert!(
        world.get("/sessions/groom").await.body["lock"].is_null(),
        "one refusal is no restriction yet"
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn two_guests_whose_messages_are_refused_lock_the_session(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    sent(&mut world, "OUT1").await;
    let marco = json!({ "name": "Marco", "phone": "+39 347 000 0002" });
    world.post("/guests", marco).await;
    let mut hello = world.message("IN2", "hello", false);
    hello["chat"] = json!("393470000002@c.us");
    world.report("groom", json!([hello])).await;
    let to_marco = json!({ "session": "groom", "to": "+39 347 000 0002", "text": "Ciao!" });
    world.post("/messages", to_marco).await;
    tokio::time::sleep(Duration::from_mins(20)).await;
    sent(&mut world, "OUT2").await;
    let refused = |raw_id: &str| {
        let at = world.clock.now();
        json!([{ "fact": "ack", "raw_id": raw_id, "ack": -1, "at": at }])
    };

    world.report("groom", refused("OUT1")).await;
    let one = world.get("/sessions/groom").await.body;
    world.report("groom", refused("OUT2")).await;
    let two = world.get("/sessions/groom").await.body;

    assert!(one["lock"].is_null(), "{one}");
    assert_eq!(two["lock"]["reason"], "refused_messages", "{two}");
    let until: domain::Timestamp = two["lock"]["until"].as_str().unwrap().parse().unwrap();
    assert_eq!(until, world.clock.now() + Duration::from_hours(6));
}

/// The worker sends the next message; WhatsApp takes it under this id.
async fn sent(world: &mut World, raw_id: &str) {
    let work = world.worker_is_sending().await;
    let raw_id = Some(raw_id.to_owned());
    world
        .worker_finishes(&work, SendAnswer::Accepted { raw_id })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_report_of_everything_is_taken() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    let at = "2026-06-01T10:00:00Z";
    let mut waiting = world.message("IN2", "", false);
    waiting["fact"] = json!("waiting");
    waiting["body"] = json!(null);
    let facts = json!([
        world.message("IN1", "hello", false),
        { "fact": "edited", "target": "IN1", "message": world.message("IN1", "hello!", false) },
        { "fact": "reaction", "chat": ANNA_CHAT, "alt": null, "target": "IN1", "emoji": "❤", "from_me": true, "at": at },
        waiting,
        { "fact": "ack", "raw_id": "NOBODYS", "ack": 3, "at": at },
        { "fact": "revoked", "chat": ANNA_CHAT, "target": "IN1", "at": at },
        { "fact": "revoked", "chat": ANNA_CHAT, "alt": "77@lid", "target": "IN3", "at": at },
    ]);

    let answer = world.report("groom", facts).await;

    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    assert_eq!(world.count("conversation_message").await, 1);
}

#[rstest]
#[case::not_a_fact(json!({ "session": "groom", "facts": [{ "fact": "rumour" }] }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[case::no_facts(json!({ "session": "groom" }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[case::unknown_session(json!({ "session": "priest", "facts": [] }), StatusCode::NOT_FOUND, "unknown_session")]
#[tokio::test(start_paused = true)]
async fn of_no_use(#[case] report: Value, #[case] status: StatusCode, #[case] code: &str) {
    let world = World::sqlite().await;

    let answer = world.report_as("internal-token-of-tests", report).await;

    assert_eq!(
        (answer.status, answer.code()),
        (status, code),
        "{}",
        answer.body
    );
}

#[tokio::test(start_paused = true)]
async fn facts_are_taken_from_those_with_the_inner_token_only() {
    let world = World::sqlite().await;
    let everything = world.token("read,enqueue,operate").await;
    let report = json!({ "session": "groom", "facts": [] });

    let answer = world.report_as(&everything, report).await;

    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNAUTHORIZED, "unauthorized")
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_database_a_fact_is_to_be_repeated() {
    let world = World::sqlite().await;
    world.store.close().await;

    let fact = world
        .report("groom", json!([world.message("IN1", "hello", false)]))
        .await;
    let asked = world.get("/messages").await;
    let ready = world
        .send(
            http::Request::get("/readyz")
                .body(axum::body::Body::empty())
                .unwrap(),
        )
        .await;

    for answer in [&fact, &asked] {
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::SERVICE_UNAVAILABLE, "database_unavailable")
        );
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
}
