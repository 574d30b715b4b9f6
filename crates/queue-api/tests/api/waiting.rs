//! Every wait names its reason and what ends it (design §1, promise 5), in lists too.

use std::time::Duration;

use domain::outcome::SendAnswer;
use rstest::rstest;
use serde_json::{Value, json};

use crate::neighbours::session_view;
use crate::world::{ANNA, On, World, to_anna};

/// The waits of a list, newest message first, each as the message itself tells it too.
async fn listed(world: &World) -> Vec<Value> {
    let page = world.get("/messages").await.body;
    let mut waits = Vec::new();
    for item in page["items"].as_array().unwrap() {
        let alone = world
            .get(&format!("/messages/{}", item["id"].as_str().unwrap()))
            .await
            .body;
        assert_eq!(item["wait"], alone["wait"]);
        waits.push(item["wait"].clone());
    }
    waits
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_list_says_that_the_session_is_paused(#[case] on: On) {
    let world = World::on(on).await;
    world.ready_message().await;
    assert_eq!(listed(&world).await, [Value::Null]);
    world.post("/sessions/groom/pause", Value::Null).await;
    let silent = json!({ "session": "groom", "to": "+39 347 000 0002", "text": "x" });
    world.post("/messages", silent).await;

    let waits = listed(&world).await;

    assert_eq!(waits[0]["reason"], "guest_has_not_written", "{waits:?}");
    assert_eq!(waits[1]["reason"], "session_paused", "{waits:?}");
    assert_eq!(waits[1]["ends"], json!({ "person": "resume" }));
}

#[tokio::test(start_paused = true)]
async fn a_list_says_that_the_session_is_away() {
    let world = World::sqlite().await;
    world.ready_message().await;
    let mut view = session_view("disconnected");
    view["fact"] = json!("session");
    world.report("groom", json!([view])).await;

    let waits = listed(&world).await;

    assert_eq!(waits[0]["reason"], "session_away", "{waits:?}");
    assert_eq!(waits[0]["ends"], json!({ "event": "session_connects" }));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn in_the_pause_after_a_send_each_lane_has_its_own_end(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let raw_id = Some("OUT1".to_owned());
    world
        .worker_finishes(&work, SendAnswer::Accepted { raw_id })
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.anna_writes("IN2", "And when?").await;
    let reply = json!({ "session": "groom", "to": ANNA, "text": "At six", "lane": "reply" });
    world.post("/messages", reply).await;
    world.post("/messages", to_anna("See you there")).await;

    let page = world.get("/messages?status=pending").await.body;

    let wait = |index: usize| page["items"][index]["wait"].clone();
    assert_eq!(wait(0)["reason"], "gap", "{page}");
    assert_eq!(wait(1)["reason"], "gap", "{page}");
    assert_eq!(wait(1)["ends"], json!({ "at": "2026-06-01T10:00:03Z" }));
    let automatic = wait(0)["ends"]["at"].as_str().unwrap().to_owned();
    assert!(automatic.as_str() > "2026-06-01T10:01:00Z", "{automatic}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_message_whose_composition_was_lost_says_so_alone_and_in_a_list(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    world.worker_loses_composition().await;

    let waits = listed(&world).await;

    assert_eq!(waits[0]["reason"], "abandoned", "{waits:?}");
    assert_eq!(waits[0]["ends"], json!({ "at": "2026-06-01T10:00:30Z" }));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_message_whose_composition_was_lost_twice_says_so_alone_and_in_a_list(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    world.worker_loses_composition().await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    world.worker_loses_composition().await;

    let waits = listed(&world).await;

    assert_eq!(waits[0]["reason"], "abandoned", "{waits:?}");
    assert_eq!(waits[0]["ends"], json!({ "at": "2026-06-01T10:02:30Z" }));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_wait_any_more_has_no_wait_in_a_list() {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    world
        .post(&format!("/messages/{id}/cancel"), Value::Null)
        .await;
    world.post("/sessions/groom/pause", Value::Null).await;

    assert_eq!(listed(&world).await, [Value::Null]);
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_time_has_passed_says_that_it_never_goes() {
    let world = World::sqlite().await;
    world.ready_message().await;
    let late =
        json!({ "session": "groom", "to": ANNA, "text": "x", "not_after": "2026-06-01T09:00:00Z" });

    let message = world.post("/messages", late).await.body;

    assert_eq!(message["wait"]["reason"], "expired", "{message}");
    assert!(message["forecast"].is_null());
}
