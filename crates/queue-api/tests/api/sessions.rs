//! Sessions: seeing them, linking the phone, steering.

use std::time::Duration;

use chassis::Problem;
use domain::outcome::SendAnswer;
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{On, World};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_session_shows_its_state_and_what_to_do(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;

    let all = world.get("/sessions").await.body;
    let groom = world.get("/sessions/groom").await.body;
    let bride = world.get("/sessions/bride").await.body;

    assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(groom["state"], "connected");
    assert!(groom["advice"].is_null());
    assert_eq!(groom["own_number"], "+39 333 111 2222");
    assert_eq!(groom["own_name"], "Luca");
    assert_eq!(groom["server"], "2026.10.1 GOWS");
    assert!(groom["paused"].is_null() && groom["lock"].is_null());
    // a new number starts with half (design §6)
    assert_eq!(
        groom["budget"]["hour"],
        json!({ "automatic": 0, "automatic_limit": 5, "replies": 0, "replies_limit": 30, "hand_typed": 0 })
    );
    assert_eq!(groom["budget"]["day"]["automatic_limit"], 30);
    assert_eq!(bride["state"], "disconnected");
    assert!(bride["advice"].is_string());
}

#[tokio::test(start_paused = true)]
async fn the_own_number_is_for_operators() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let reader = world.token("read").await;

    let groom = world
        .ask_as(&reader, "GET", "/sessions/groom", &[], Value::Null)
        .await
        .body;

    assert_eq!(groom["state"], "connected");
    assert!(groom["own_number"].is_null(), "{groom}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_budget_counts_what_was_sent_and_typed(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    world
        .worker_finishes(
            &work,
            SendAnswer::Accepted {
                raw_id: Some("OUT1".to_owned()),
            },
        )
        .await;
    let typed = json!([world.message("BYHAND", "ciao bella", true)]);
    assert_eq!(
        world.report("groom", typed).await.status,
        StatusCode::NO_CONTENT
    );

    let budget = world.get("/sessions/groom").await.body["budget"].clone();

    assert_eq!(budget["hour"]["automatic"], 1, "{budget}");
    assert_eq!(budget["hour"]["hand_typed"], 1, "{budget}");
    assert_eq!(budget["hour"]["automatic_limit"], 4, "{budget}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_pause_names_what_had_left_and_stops_the_rest(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_claims().await;

    let composing = world.post("/sessions/groom/pause", Value::Null).await;

    assert_eq!(composing.status, StatusCode::OK, "{}", composing.body);
    assert_eq!(composing.body["committed"], json!([]));
    let calls = world.integration.calls();
    assert!(
        calls.len() == 1 && calls[0].contains(&work.attempt.to_string()),
        "{calls:?}"
    );
    assert!(!matches!(
        world.worker_commits(&work).await,
        storage::Commit::Committed
    ));
    let groom = world.get("/sessions/groom").await.body;
    assert_eq!(groom["paused"]["by"], "test");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn what_was_committed_before_a_pause_is_named(#[case] on: On) {
    let mut world = World::on(on).await;
    let id = world.ready_message().await;
    world.worker_is_sending().await;

    let paused = world.post("/sessions/groom/pause", Value::Null).await;

    assert_eq!(paused.body["committed"], json!([id.to_string()]));
    assert_eq!(world.integration.calls(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_shown_as_the_reason_and_ends_with_resume() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    world.post("/sessions/groom/pause", Value::Null).await;
    let waiting = world.get(&format!("/messages/{id}")).await.body;
    let _ = world.worker.nudges().await;

    let resumed = world.post("/sessions/groom/resume", Value::Null).await;

    assert_eq!(waiting["wait"]["reason"], "session_paused");
    assert_eq!(waiting["wait"]["ends"], json!({ "person": "resume" }));
    assert!(resumed.body["paused"].is_null(), "{}", resumed.body);
    assert_eq!(world.worker.nudges().await, [json!(["groom"])]);
    assert!(world.get(&format!("/messages/{id}")).await.body["wait"].is_null());
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_lock_is_shown_and_a_person_unlocks(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let until = world.clock.now() + Duration::from_hours(1);
    let lock = domain::release::Lock::Until(until);
    world
        .store
        .lock(
            &crate::world::groom(),
            lock,
            "restricted",
            world.clock.now(),
        )
        .await
        .unwrap();

    let locked = world.get("/sessions/groom").await.body;
    let unlocked = world.post("/sessions/groom/unlock", Value::Null).await.body;

    assert_eq!(locked["lock"]["reason"], "restricted", "{locked}");
    assert!(locked["lock"]["until"].is_string());
    assert!(unlocked["lock"].is_null(), "{unlocked}");
}

#[tokio::test(start_paused = true)]
async fn the_qr_code_is_passed_on_and_never_cached() {
    let world = World::sqlite().await;

    let text = world.get("/sessions/groom/qr").await;
    let png = world.get("/sessions/groom/qr.png").await;

    assert_eq!(text.body, json!({ "text": "2@secret" }));
    assert_eq!(text.headers["cache-control"], "no-store");
    assert_eq!(png.headers["content-type"], "image/png");
    assert_eq!(png.headers["cache-control"], "no-store");
    assert_eq!(
        world.integration.calls(),
        ["GET groom/qr", "GET groom/qr.png"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_pairing_code_is_asked_for_with_the_digits() {
    let world = World::sqlite().await;

    let code = world
        .post(
            "/sessions/bride/pairing-code",
            json!({ "phone": "333 444 5555" }),
        )
        .await;
    let bad = world
        .post("/sessions/bride/pairing-code", json!({ "phone": "12" }))
        .await;

    assert_eq!(code.body, json!({ "code": "ABCD-EFGH" }));
    assert_eq!(
        world.integration.calls(),
        [r#"POST bride/pairing-code {"phone":"393334445555"}"#]
    );
    assert_eq!(
        (bad.status, bad.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_phone")
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_integration_says_of_a_session_is_passed_on() {
    let world = World::sqlite().await;
    world.integration.refuses(Problem::conflict(
        "not_waiting_for_scan",
        "The session is connected; there is nothing to scan.",
    ));
    let refused = world.get("/sessions/groom/qr").await;
    world
        .integration
        .refuses(Problem::unauthorized("who are you"));
    let our_fault = world.get("/sessions/groom/qr").await;
    world.integration.goes_away();
    let away = world.get("/sessions/groom/qr").await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, "not_waiting_for_scan")
    );
    assert_eq!(
        (our_fault.status, our_fault.code()),
        (StatusCode::BAD_GATEWAY, "integration_failed")
    );
    assert_eq!(
        (away.status, away.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "integration_away")
    );
    assert!(away.headers.contains_key("retry-after"));
}
