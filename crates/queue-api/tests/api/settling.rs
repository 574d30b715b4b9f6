//! A person decides about a message in doubt, and "send again" never races a call that may still succeed.

use std::time::Duration;

use domain::outcome::SendAnswer;
use domain::wire::{AttemptState, CompositionEnd};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{Answer, On, World, to_anna};

async fn settle(world: &World, id: impl std::fmt::Display, verdict: &str) -> Answer {
    world
        .post(
            &format!("/messages/{id}/settle"),
            json!({ "verdict": verdict }),
        )
        .await
}

async fn calls_are_over() {
    tokio::time::sleep(Duration::from_secs(76)).await;
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn it_arrived(#[case] on: On) {
    let mut world = World::on(on).await;
    let (id, _) = world.uncertain_message().await;

    let settled = settle(&world, id, "arrived").await;
    let again = settle(&world, id, "send_again").await;

    assert_eq!(
        (settled.status, &settled.body["status"]),
        (StatusCode::OK, &json!("sent")),
        "{}",
        settled.body
    );
    assert_eq!(
        (again.status, again.code()),
        (StatusCode::CONFLICT, "not_uncertain")
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn send_again_waits_until_no_call_can_run(#[case] on: On) {
    let mut world = World::on(on).await;
    let (id, _) = world.uncertain_message().await;

    let early = settle(&world, id, "send_again").await;
    calls_are_over().await;
    let late = settle(&world, id, "send_again").await;

    assert_eq!(
        (early.status, early.code()),
        (StatusCode::CONFLICT, "call_still_running")
    );
    assert!(
        early.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse::<u32>()
            .unwrap()
            <= 75
    );
    assert_eq!(
        (late.status, &late.body["status"]),
        (StatusCode::OK, &json!("pending")),
        "{}",
        late.body
    );
}

#[rstest]
#[case::running(AttemptState::Sending)]
#[case::ready(AttemptState::Ready)]
#[tokio::test(start_paused = true)]
async fn send_again_is_refused_while_the_integration_has_the_attempt(#[case] state: AttemptState) {
    let mut world = World::sqlite().await;
    let (id, attempt) = world.uncertain_message().await;
    world.integration.knows(attempt, state);
    calls_are_over().await;

    let answer = settle(&world, id, "send_again").await;

    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, "call_still_running")
    );
    assert_eq!(
        world.get(&format!("/messages/{id}")).await.body["status"],
        "uncertain"
    );
}

#[tokio::test(start_paused = true)]
async fn send_again_is_refused_while_nobody_can_say_whether_a_call_runs() {
    let mut world = World::sqlite().await;
    let (id, _) = world.uncertain_message().await;
    world.integration.goes_away();
    calls_are_over().await;

    let again = settle(&world, id, "send_again").await;
    let arrived = settle(&world, id, "arrived").await;

    assert_eq!(
        (again.status, again.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "integration_away")
    );
    assert_eq!(
        arrived.status,
        StatusCode::OK,
        "a person's eyes need no integration: {}",
        arrived.body
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_outcome_that_only_the_integration_knows_settles_it_instead(#[case] on: On) {
    let mut world = World::on(on).await;
    let (id, attempt) = world.uncertain_message().await;
    let outcome = world.outcome(
        attempt,
        SendAnswer::Accepted {
            raw_id: Some("3EB0AA".to_owned()),
        },
    );
    world
        .integration
        .knows(attempt, AttemptState::Answered(outcome.reply));
    calls_are_over().await;

    let answer = settle(&world, id, "send_again").await;

    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, "already_settled")
    );
    assert_eq!(
        world.get(&format!("/messages/{id}")).await.body["status"],
        "sent"
    );
}

/// Only the integration knows that it was not sent: what the person wants is what happens.
#[rstest]
#[case::away(SendAnswer::SessionAway)]
#[case::failed(SendAnswer::BadRequest)]
#[tokio::test(start_paused = true)]
async fn send_again_works_when_only_the_integration_knows_that_it_was_not_sent(
    #[case] answer: SendAnswer,
) {
    let mut world = World::sqlite().await;
    let (id, attempt) = world.uncertain_message().await;
    let outcome = world.outcome(attempt, answer);
    let answered = AttemptState::Answered(outcome.reply);
    world.integration.knows(attempt, answered);
    calls_are_over().await;

    let answer = settle(&world, id, "send_again").await;

    assert_eq!(
        (answer.status, &answer.body["status"]),
        (StatusCode::OK, &json!("pending")),
        "{}",
        answer.body
    );
}

#[rstest]
#[case::never_called(AttemptState::NeverCalled { why: CompositionEnd::Fenced })]
#[tokio::test(start_paused = true)]
async fn send_again_is_fine_when_no_call_was_made(#[case] state: AttemptState) {
    let mut world = World::sqlite().await;
    let (id, attempt) = world.uncertain_message().await;
    world.integration.knows(attempt, state);
    calls_are_over().await;

    let answer = settle(&world, id, "send_again").await;

    assert_eq!(
        (answer.status, &answer.body["status"]),
        (StatusCode::OK, &json!("pending"))
    );
}

#[tokio::test(start_paused = true)]
async fn only_a_doubt_can_be_settled_and_only_in_two_ways() {
    let world = World::sqlite().await;
    let id = world.post("/messages", to_anna("Ciao!")).await.id();

    let pending = settle(&world, id, "arrived").await;
    let odd = settle(&world, id, "perhaps").await;
    let empty = world
        .post(&format!("/messages/{id}/settle"), Value::Null)
        .await;

    assert_eq!(
        (pending.status, pending.code()),
        (StatusCode::CONFLICT, "not_uncertain")
    );
    assert_eq!(
        (odd.status, odd.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")
    );
    assert_eq!(empty.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
