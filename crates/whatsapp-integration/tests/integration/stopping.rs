//! The end of the service: nothing new, what was begun is finished.

use std::time::Duration;

use domain::wire::Fact;
use http::StatusCode;
use tokio::time::{Instant, sleep};
use waha_simulator::Step;

use crate::world::{GUEST, World, compose_request};

#[tokio::test(start_paused = true)]
async fn no_composition_is_begun_any_more() {
    let mut world = World::new();
    let background = world.run_background();
    sleep(Duration::from_secs(10)).await;
    world.shutdown.trigger();
    background.await.unwrap();
    let compose = compose_request(world.attempt(), 1);
    let answer = world.post("/sessions/groom/compose", &compose).await;
    assert_eq!(answer.problem(), (503, "stopping".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_finished_and_its_outcome_reported() {
    let mut world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    let background = world.run_background();
    let gate = world.waha.gate(Step::SendBeforeAccept);
    let sending = world.send(attempt, 1);
    let stopping = async {
        gate.reached().await;
        world.shutdown.trigger();
        sleep(Duration::from_secs(30)).await;
        assert!(!background.is_finished());
        gate.release();
        background.await.unwrap();
    };
    let (answer, ()) = tokio::join!(sending, stopping);
    assert_eq!(answer.status(), 200);
    assert_eq!(world.waha.phone(GUEST).len(), 1);
    let stored = world.queue_api.stored();
    assert!(
        stored.iter().any(|fact| matches!(fact, Fact::Outcome(_))),
        "before the end"
    );
    assert_eq!(world.act_names().last(), Some(&"offline"));
}

#[tokio::test(start_paused = true)]
async fn an_outcome_nobody_takes_holds_the_end_up_for_75_seconds_only() {
    let mut world = World::new();
    world.queue_api.answer(StatusCode::SERVICE_UNAVAILABLE);
    let background = world.run_background();
    sleep(Duration::from_secs(10)).await;
    world.deliver().await;
    let begun = Instant::now();
    world.shutdown.trigger();
    background.await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 75);
}
