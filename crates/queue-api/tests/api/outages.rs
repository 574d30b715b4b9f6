//! Sends that fail in a row stop their session, and a person tries again.

use http::StatusCode;
use rstest::rstest;
use serde_json::Value;

use crate::world::{On, World};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn failed_sends_are_the_session_s_problem_and_a_person_tries_again(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.sends_are_rejected().await;
    let id = world.ready_message().await;

    let stopped = world.get("/sessions/groom").await.body;
    let waiting = world.get(&format!("/messages/{id}")).await.body;
    let trying = world
        .post("/sessions/groom/try-again", Value::Null)
        .await
        .body;
    let tried = world.get(&format!("/messages/{id}")).await.body;

    assert_eq!(stopped["problem"], "sending_rejected", "{stopped}");
    assert_eq!(stopped["outage"]["refusal"], "bad_request", "{stopped}");
    assert_eq!(stopped["outage"]["lost"], 2, "{stopped}");
    assert_eq!(stopped["outage"]["next_try_at"], Value::Null, "{stopped}");
    assert_eq!(waiting["wait"]["reason"], "sends_refused", "{waiting}");
    assert_eq!(waiting["wait"]["ends"]["person"], "try_again", "{waiting}");
    // until a message is sent it is still an outage; but one may be tried
    assert_eq!(trying["problem"], "sending_rejected", "{trying}");
    assert_eq!(tried["wait"], Value::Null, "{tried}");
    let unknown = world.post("/sessions/nobody/try-again", Value::Null).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
