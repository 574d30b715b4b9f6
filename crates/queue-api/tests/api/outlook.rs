//! By when everybody who has written will have what waits for them.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::config::PaceProfile;
use domain::lane::Lane;
use http::StatusCode;
use queue_api::{ExtraMessage, rehearse};
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{ANNA, On, World, groom, noon, to_anna};

async fn outlook(world: &World) -> Value {
    let answer = world.get("/sessions/groom/outlook").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().expect("a time").parse().expect("a time")
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn it_tells_when_the_last_will_have_it_and_what_each_day_takes(#[case] on: On) {
    let world = World::on(on).await;
    world.ready_message().await;
    world.post("/messages", to_anna("See you there")).await;
    let silent = json!({ "session": "groom", "to": "+39 347 000 0002", "text": "x" });
    world.post("/messages", silent).await;

    let shown = outlook(&world).await;

    assert_eq!(shown["session"], "groom");
    assert_eq!(shown["leaving"], 2, "{shown}");
    let by = time(&shown["everybody_by"]);
    // the second waits for the recipient's cool-down; who has one guest only may talk with her meanwhile
    let hour = noon() + TimeDelta::hours(1);
    assert!(by > hour && by < hour + TimeDelta::hours(4), "{shown}");
    assert_eq!(shown["last"]["to"], shown["everybody_by"]);
    assert!(time(&shown["last"]["from"]) < by);
    let day = json!({ "date": "2026-06-01", "sent": 0, "leaving": 2 });
    assert_eq!(shown["days"], json!([day]));
    assert_eq!(shown["behind"], 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_leave_by_itself_is_counted_apart() {
    let world = World::sqlite().await;
    world.ready_message().await;
    let late =
        json!({ "session": "groom", "to": ANNA, "text": "x", "not_after": "2026-06-01T10:20:00Z" });
    world.post("/messages", late).await;
    world.post("/messages", to_anna("second")).await;
    world.post("/messages", to_anna("third")).await;

    let shown = outlook(&world).await;

    assert_eq!(shown["leaving"], 2, "{shown}");
    assert_eq!(shown["cancelled"], 1, "{shown}");
    assert_eq!(shown["held"], 1, "two unanswered are enough: {shown}");
}

/// No rule holds it: only the stored wait tells that it pauses.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_message_whose_composition_was_lost_leaves_after_its_pause(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    world.worker_loses_composition().await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    world.worker_loses_composition().await;

    let twice = outlook(&world).await;
    tokio::time::sleep(Duration::from_mins(2)).await;
    world.worker_loses_composition().await;
    let thrice = outlook(&world).await;

    assert_eq!(twice["leaving"], 1, "{twice}");
    let pause_ends = noon() + TimeDelta::seconds(30 + 120);
    let by = time(&twice["everybody_by"]);
    assert!(by > pause_ends, "{twice}");
    assert!(by < pause_ends + TimeDelta::minutes(5), "{twice}");
    assert_eq!(
        (&thrice["leaving"], &thrice["held"]),
        (&json!(0), &json!(1)),
        "a person decides: {thrice}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_held_says_by_what() {
    let world = World::sqlite().await;
    world.ready_message().await;
    world.post("/sessions/groom/pause", Value::Null).await;

    let shown = outlook(&world).await;

    assert_eq!(shown["leaving"], 0);
    assert!(shown["everybody_by"].is_null() && shown["last"].is_null());
    assert_eq!(shown["wait"]["reason"], "session_paused", "{shown}");
    assert_eq!(shown["wait"]["ends"], json!({ "person": "resume" }));
}

#[tokio::test(start_paused = true)]
async fn with_nothing_to_send_there_is_nothing_to_promise() {
    let world = World::sqlite().await;
    world.groom_connects().await;

    let shown = outlook(&world).await;

    assert_eq!(shown["leaving"], 0);
    assert!(shown["everybody_by"].is_null() && shown["wait"].is_null());
    assert_eq!(shown["days"], json!([]));
    let unknown = world.get("/sessions/nobody/outlook").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.code(), "unknown_session");
}

/// The queue was filled while the clock was two days ahead: what is queued now leaves behind it, whatever the clock shows.
#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_queued_yet_comes_last_when_the_clock_was_set_back() {
    let world = World::sqlite().await;
    world.ready_message().await;
    let behind = json!({ "session": "groom", "to": "+39 347 000 0002", "text": "x" });
    let queued = world.post("/messages", behind).await.id();
    let contact = world
        .database
        .texts("SELECT contact_id AS value FROM whatsapp_message_queue ORDER BY id")
        .await;
    let contact = contact[0].as_deref().expect("an id").parse();
    let extra = ExtraMessage {
        contact: contact.expect("an id"),
        chars: 20,
        lane: Lane::Broadcast,
        priority: 0,
        not_before: None,
        not_after: None,
        waits_out_unanswered: false,
    };
    let now = noon() - TimeDelta::days(2);
    let pace = PaceProfile::Production;
    let outlook = rehearse(&world.store, pace, &groom(), &[extra], now).await;
    let outlook = outlook.expect("the database").expect("a session");
    assert!(outlook.extra[0] > queued, "it would leave first");
}
