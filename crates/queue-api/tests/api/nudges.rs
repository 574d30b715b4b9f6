//! Telling the worker to look.

use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::json;

use crate::world::{ANNA, ANNA_CHAT, World, noon, to_anna};

#[tokio::test(start_paused = true)]
async fn nudges_that_pile_up_become_one() {
    let mut world = World::sqlite().await;
    for i in 0..20 {
        let session = if i % 2 == 0 { "groom" } else { "bride" };
        world
            .post(
                "/messages",
                json!({ "session": session, "to": ANNA, "text": "x" }),
            )
            .await;
    }

    let nudges = world.worker.nudges().await;

    assert!((1..20).contains(&nudges.len()), "{nudges:?}");
    let all: std::collections::BTreeSet<_> = nudges
        .iter()
        .flat_map(|n| n.as_array().unwrap().clone())
        .map(|n| n.to_string())
        .collect();
    assert_eq!(all.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_away_is_nobodys_problem() {
    let world = World::sqlite().await;
    world.worker.goes_away();

    let queued = world.post("/messages", to_anna("Ciao!")).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let again = world.post("/messages", to_anna("Ciao!")).await;

    assert_eq!(
        (queued.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert!(world.clock.now() - noon() >= TimeDelta::seconds(5));
}

/// It may end the wait for an answer; a stranger's reaction changes nothing.
#[tokio::test(start_paused = true)]
async fn a_guests_reaction_wakes_the_worker() {
    let mut world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    world.anna_writes("IN1", "Ciao").await;
    let _ = world.worker.nudges().await;
    let reaction = |chat: &str| {
        let at = world.clock.now();
        json!([{ "fact": "reaction", "chat": chat, "alt": null, "target": "OUT1", "emoji": "❤", "from_me": false, "at": at }])
    };
    let (of_a_stranger, of_anna) = (reaction("393470000077@c.us"), reaction(ANNA_CHAT));

    world.report("groom", of_a_stranger).await;
    assert!(world.worker.nudges().await.is_empty());
    world.report("groom", of_anna).await;
    assert_eq!(world.worker.nudges().await, [json!(["groom"])]);
}
