//! The one call: once ever, fenced, outliving everybody, and its outcome reported until somebody has it.

use std::time::Duration;

use domain::outcome::SendAnswer;
use domain::wire::{AttemptState, Fact, FenceReply, OutcomeFact, SendReply};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use waha_simulator::{Misbehaviour, Step};

use crate::world::{GUEST, World, compose_request};

fn is_outcome(fact: &Fact) -> bool {
    matches!(fact, Fact::Outcome(_))
}

async fn outcome(world: &World) -> OutcomeFact {
    match world.queue_api.until_stored(is_outcome).await {
        Fact::Outcome(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_reaches_the_guest_under_the_announced_id() {
    let world = World::new();
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    let announced = lines.until_ready().await;
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(
        reply.answer,
        SendAnswer::Accepted {
            raw_id: announced.clone()
        }
    );
    let phone = world.waha.phone(GUEST);
    assert_eq!(phone.len(), 1);
    assert_eq!(Some(&phone[0].raw_id), announced.as_ref());
    assert_eq!(phone[0].text, "Ciao!");
    let state = world.state(attempt).await;
    assert!(
        matches!(state, Some(AttemptState::Answered(_))),
        "{state:?}"
    );
    let outcome = outcome(&world).await;
    assert_eq!(
        (outcome.attempt, outcome.reply.answer),
        (attempt, reply.answer)
    );
    assert_eq!(lines.last().await, None, "the stream ends after the call");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_calls_once_ever() {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    let (one, two) = tokio::join!(world.send(attempt, 1), world.send(attempt, 1));
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let third = world.send(attempt, 1).await;
    assert_eq!(third.problem(), (409, "not_ready".to_owned()));
    let problem: Value = third.json();
    assert_eq!(problem["attempt_state"]["state"], "answered");
    assert_eq!(world.waha.phone(GUEST).len(), 1);
    let again = world
        .post("/sessions/groom/compose", &compose_request(attempt, 1))
        .await;
    assert_eq!(again.problem(), (409, "attempt_known".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_send_before_ready_is_refused_and_harmless() {
    let world = World::new();
    let attempt = world.attempt();
    let unknown = world.send(attempt, 1).await;
    assert_eq!(unknown.problem(), (409, "not_ready".to_owned()));
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    let early = world.send(attempt, 1).await;
    assert_eq!(early.problem(), (409, "not_ready".to_owned()));
    assert_eq!(early.json::<Value>()["attempt_state"]["state"], "composing");
    lines.until_ready().await;
    assert_eq!(world.send(attempt, 1).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn an_older_epoch_is_refused_everywhere() {
    let world = World::new();
    let (attempt, _lines) = world.ready(3).await;
    world.fence(5).await;
    let stale = (409, "stale_epoch".to_owned());
    assert_eq!(world.fence(4).await.problem(), stale);
    let newest = world.fence(4).await.json::<Value>()["newest_epoch"].clone();
    assert_eq!(newest, 5, "a holder of a restored database goes beyond it");
    assert_eq!(world.send(attempt, 3).await.problem(), stale);
    assert_eq!(world.cancel(attempt, 4).await.problem(), stale);
    let compose = compose_request(world.attempt(), 4);
    assert_eq!(
        world
            .post("/sessions/groom/compose", &compose)
            .await
            .problem(),
        stale
    );
    assert_eq!(world.waha.phone(GUEST), []);
    // the same epoch again is the same holder
    assert_eq!(world.fence(5).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn another_epoch_cannot_send_somebody_elses_attempt() {
    let world = World::new();
    let (attempt, _lines) = world.ready(3).await;
    let answer = world.send(attempt, 4).await;
    assert_eq!(answer.problem(), (409, "not_ready".to_owned()));
    assert_eq!(world.waha.phone(GUEST), []);
}

#[tokio::test(start_paused = true)]
async fn only_one_composition_is_open_at_a_time() {
    let world = World::new();
    let (_first, _lines) = world.ready(1).await;
    let second = compose_request(world.attempt(), 1);
    let answer = world.post("/sessions/groom/compose", &second).await;
    assert_eq!(answer.problem(), (409, "composition_open".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_call_outlives_the_request_and_the_fence_names_it() {
    let world = World::new();
    let (attempt, lines) = world.ready(1).await;
    let gate = world.waha.gate(Step::SendBeforeAccept);
    {
        let sending = world.send(attempt, 1);
        tokio::select! {
            answer = sending => panic!("it cannot be answered yet: {answer:?}"),
            () = gate.reached() => {}
        }
    }
    drop(lines);
    let reply: FenceReply = world.fence(2).await.json();
    assert_eq!(reply.running, [attempt]);
    assert!(matches!(
        world.state(attempt).await,
        Some(AttemptState::Sending)
    ));
    assert_eq!(
        world.cancel(attempt, 2).await.problem(),
        (409, "already_called".to_owned())
    );
    gate.release();
    let outcome = outcome(&world).await;
    assert_eq!(outcome.attempt, attempt);
    assert!(matches!(outcome.reply.answer, SendAnswer::Accepted { .. }));
    world.until_offline().await;
    assert_eq!(world.waha.phone(GUEST).len(), 1);
    let reply: FenceReply = world.fence(3).await.json();
    assert_eq!(reply.running, []);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_cancelled_before_it_came_never_starts() {
    let world = World::new();
    let attempt = world.attempt();
    assert_eq!(world.cancel(attempt, 1).await.status(), 204);
    let late = world
        .post("/sessions/groom/compose", &compose_request(attempt, 1))
        .await;
    assert_eq!(late.problem(), (409, "attempt_known".to_owned()));
    assert_eq!(world.acts(), []);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_is_reported_until_it_is_stored() {
    let world = World::new();
    world.queue_api.answer(StatusCode::SERVICE_UNAVAILABLE);
    let begun = Instant::now();
    let (attempt, reply) = world.deliver().await;
    assert!(
        begun.elapsed() < Duration::from_secs(23),
        "the worker does not wait for queue-api"
    );
    assert!(matches!(reply.answer, SendAnswer::Accepted { .. }));
    sleep(Duration::from_mins(5)).await;
    let tried = world.queue_api.calls().len();
    assert!(
        (10..=25).contains(&tried),
        "{tried} reports in five minutes"
    );
    world.queue_api.peer.stop();
    sleep(Duration::from_mins(1)).await;
    world.queue_api.answer(StatusCode::NO_CONTENT);
    world.queue_api.come_back();
    assert_eq!(outcome(&world).await.attempt, attempt);
    let stored = world.queue_api.calls().len();
    sleep(Duration::from_mins(5)).await;
    assert_eq!(world.queue_api.calls().len(), stored, "and then not again");
}

#[rstest]
#[case(StatusCode::UNPROCESSABLE_ENTITY, 1)]
#[case(StatusCode::BAD_REQUEST, 1)]
#[case(StatusCode::UNAUTHORIZED, 10)]
#[case(StatusCode::INTERNAL_SERVER_ERROR, 10)]
#[tokio::test(start_paused = true)]
async fn a_refused_outcome_is_given_up_but_a_refused_token_is_not(
    #[case] status: StatusCode,
    #[case] at_least: usize,
) {
    let world = World::new();
    world.queue_api.answer(status);
    world.deliver().await;
    sleep(Duration::from_mins(5)).await;
    let tried = world.queue_api.calls().len();
    assert!(tried >= at_least, "{tried}");
    assert_eq!(tried == 1, at_least == 1);
}

#[rstest]
#[case(Misbehaviour::FailBeforeAccepting { message: "Timed Out".into() }, SendAnswer::Unclear)]
#[case(Misbehaviour::FailAfterAccepting { message: "Timed Out".into() }, SendAnswer::Unclear)]
#[case(Misbehaviour::DropAfterAccepting, SendAnswer::Unclear)]
#[case(Misbehaviour::HangAfterAccepting, SendAnswer::Unclear)]
#[case(Misbehaviour::Restricted, SendAnswer::ContactRefused)]
#[case(Misbehaviour::NoLid, SendAnswer::NoLid)]
#[case(Misbehaviour::WrongKey, SendAnswer::KeyRefused)]
#[case(Misbehaviour::RefuseBeforeAccepting { status: 403 }, SendAnswer::KeyRefused)]
#[case(Misbehaviour::RefuseBeforeAccepting { status: 422 }, SendAnswer::SessionAway)]
#[case(Misbehaviour::RefuseBeforeAccepting { status: 429 }, SendAnswer::SlowDown)]
#[case(Misbehaviour::RefuseBeforeAccepting { status: 400 }, SendAnswer::BadRequest)]
#[tokio::test(start_paused = true)]
async fn each_answer_keeps_its_meaning(#[case] trouble: Misbehaviour, #[case] meaning: SendAnswer) {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    world.waha.misbehave(trouble);
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(reply.answer, meaning);
    assert!(reply.answered_at - reply.started_at <= chrono::TimeDelta::seconds(61));
}

/// Error 463 with a time-lock, and with one that cannot be read.
#[rstest]
#[case::active(None, Some(true), false)]
#[case::never_restricted(None, None, true)]
#[case::inactive(None, Some(false), true)]
#[case::no_route(Some(Misbehaviour::RestrictionsUnreadable { status: 404 }), None, false)]
#[case::broken(Some(Misbehaviour::RestrictionsUnreadable { status: 500 }), None, false)]
#[case::hanging(Some(Misbehaviour::RestrictionsHang), None, false)]
#[case::told_by_the_account(Some(Misbehaviour::RestrictionsHang), Some(true), false)]
#[case::told_free_before(Some(Misbehaviour::RestrictionsHang), Some(false), false)]
#[tokio::test(start_paused = true)]
async fn a_463_is_told_apart_by_the_time_lock(
    #[case] unreadable: Option<Misbehaviour>,
    #[case] told: Option<bool>,
    #[case] only_the_contact: bool,
) {
    let world = World::new();
    let ends = world.clock.now() + chrono::TimeDelta::hours(30);
    if told.is_some() {
        world.waha.restrict(Some(ends));
    }
    if told == Some(false) {
        world.waha.restrict(None);
    }
    let (attempt, _lines) = world.ready(1).await;
    if let Some(unreadable) = unreadable {
        world.waha.misbehave(unreadable.always());
    }
    world.waha.misbehave(Misbehaviour::Restricted);
    let reply: SendReply = world.send(attempt, 1).await.json();
    let until = told.filter(|active| *active).map(|_| ends);
    let restricted = SendAnswer::Restricted { until };
    let expected = if only_the_contact {
        SendAnswer::ContactRefused
    } else {
        restricted
    };
    assert_eq!(reply.answer, expected);
}

#[tokio::test(start_paused = true)]
async fn a_waha_that_is_gone_proves_that_nothing_was_sent() {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    world.waha_peer.stop();
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(reply.answer, SendAnswer::ConnectionRefused);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_remembered_for_an_hour() {
    let world = World::new();
    let (attempt, _reply) = world.deliver().await;
    sleep(Duration::from_mins(59)).await;
    world.cancel(world.attempt(), 1).await;
    assert!(world.state(attempt).await.is_some());
    sleep(Duration::from_mins(2)).await;
    world.cancel(world.attempt(), 1).await;
    assert!(world.state(attempt).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_empty_text_is_refused_before_anything_is_shown() {
    let world = World::new();
    let mut compose = serde_json::to_value(compose_request(world.attempt(), 1)).unwrap();
    compose["text"] = json!("  ");
    let answer = world.post("/sessions/groom/compose", &compose).await;
    assert_eq!(answer.problem(), (422, "invalid_body".to_owned()));
    assert_eq!(world.acts(), []);
}
