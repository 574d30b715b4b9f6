//! Nothing leaves an account online or typing: not a failing call, not a crash of this service, not its end.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use http::{Method, Request};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;
use waha_simulator::{Misbehaviour, Profile, RecordedCall, Step};

use crate::world::{GUEST, KEY, World, compose_request};

/// A linked session, set up, while nobody is online.
async fn settled() -> World {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_mins(1)).await;
    assert!(!world.waha.is_online());
    world
}

/// What the process before this service did, and never took back.
async fn left_by_a_killed_process(world: &World) {
    call_waha(
        world,
        "/api/default/presence",
        &json!({"presence": "online"}),
    )
    .await;
    let typing = json!({"session": "default", "chatId": format!("{GUEST}@c.us")});
    call_waha(world, "/api/startTyping", &typing).await;
    assert!(world.waha.is_online());
}

async fn call_waha(world: &World, path: &str, body: &Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("x-api-key", KEY)
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let waha = Outbound::in_process(world.waha_peer.clone());
    let answer = waha.call(request, Duration::from_secs(30)).await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn going_offline_is_repeated_until_waha_takes_it(#[values(1, 2, 12)] failures: u32) {
    let world = settled().await;
    world
        .waha
        .misbehave(Misbehaviour::OfflineFails.times(failures));
    world.deliver().await;
    // 1, 2, 4, 8 s, then every 10 s
    sleep(Duration::from_secs(15 + 10 * u64::from(failures))).await;
    assert!(!world.waha.is_online(), "after {failures} failures");
}

#[tokio::test(start_paused = true)]
async fn a_new_composition_is_not_taken_offline_by_what_an_earlier_one_owes() {
    let world = settled().await;
    world.waha.misbehave(Misbehaviour::OfflineFails.always());
    world.deliver().await;
    sleep(Duration::from_secs(20)).await;
    let begun = world.act_names().len();
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    world.waha.behave();
    lines.until_ready().await;
    world.send(attempt, 1).await;
    sleep(Duration::from_secs(1)).await;
    let acts = world.act_names().split_off(begun);
    let online = acts.iter().position(|act| *act == "online").unwrap();
    let offline = acts.iter().rposition(|act| *act == "offline").unwrap();
    assert!(!acts[online..offline].contains(&"offline"), "{acts:?}");
    assert!(!world.waha.is_online());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_starts_takes_the_account_offline_before_anything_else() {
    let mut world = World::new();
    left_by_a_killed_process(&world).await;
    let begun = world.waha.record().len();
    world.run_background();
    sleep(Duration::from_secs(1)).await;
    let calls: Vec<_> = world.waha.record().split_off(begun);
    let calls: Vec<_> = calls.into_iter().map(|entry| entry.what).collect();
    let offline = RecordedCall::Offline { by_itself: false };
    assert_eq!(calls[..2], [RecordedCall::SessionRead, offline]);
    sleep(Duration::from_mins(1)).await;
    assert!(!world.waha.is_online());
    assert!(!world.act_names()[2..].contains(&"typing"));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_starts_while_waha_is_away_takes_the_account_offline_later() {
    let mut world = World::new();
    left_by_a_killed_process(&world).await;
    world.waha_peer.stop();
    world.run_background();
    sleep(Duration::from_mins(5)).await;
    world.waha_peer.start(world.waha.router());
    sleep(Duration::from_secs(30)).await;
    assert_eq!(world.act_names()[2..], ["offline"]);
}

/// Its caller gave up, but WAHA carries it out when the composition is over.
#[tokio::test(start_paused = true)]
async fn a_call_that_waha_carries_out_late_is_taken_back() {
    let world = settled().await;
    let late = world.waha.gate(Step::Online);
    world.deliver().await;
    late.release();
    sleep(Duration::from_secs(1)).await;
    assert!(world.waha.is_online(), "it came late");
    sleep(Duration::from_mins(6)).await;
    assert!(!world.waha.is_online());
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stops_repeats_going_offline() {
    let mut world = World::with(crate::world::Setting::default());
    world.waha.remember_login();
    let background = world.run_background();
    world.waha.until_listened_to().await;
    sleep(Duration::from_mins(1)).await;
    let (_attempt, lines) = world.ready(1).await;
    world.waha.misbehave(Misbehaviour::OfflineFails.times(3));
    world.shutdown.trigger();
    background.await.unwrap();
    assert!(!world.waha.is_online());
    drop(lines);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stops_repeats_going_offline_when_waha_does_not_answer_once() {
    let mut world = World::with(crate::world::Setting::default());
    world.waha.remember_login();
    let background = world.run_background();
    world.waha.until_listened_to().await;
    sleep(Duration::from_mins(1)).await;
    let (_attempt, lines) = world.ready(1).await;
    world.waha.misbehave(Misbehaviour::OfflineFails.times(1));
    let _unanswered = world.waha.gate(Step::SessionRead);
    world.shutdown.trigger();
    background.await.unwrap();
    assert!(!world.waha.is_online());
    drop(lines);
}
