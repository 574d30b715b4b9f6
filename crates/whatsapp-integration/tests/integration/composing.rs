//! The sequence, in order and in time, as WAHA's record shows it.

use std::time::Duration;

use domain::wire::{ComposeLine, Phase};
use tokio::time::{Instant, sleep};
use waha_simulator::{Misbehaviour, Profile, RecordedCall, Step};

use crate::world::{GUEST, Setting, World, compose_request};

#[tokio::test(start_paused = true)]
async fn every_step_comes_in_its_order_and_lasts_as_long_as_planned() {
    let world = World::new();
    let question = world.waha.guest(GUEST).write("A che ora?");
    let attempt = world.attempt();
    let mut compose = compose_request(attempt, 1);
    compose.seen = vec![format!("false_{GUEST}@c.us_{question}")];
    let mut lines = world.open(&compose).await;
    lines.until_ready().await;
    sleep(Duration::from_secs(1)).await;
    world.send(attempt, 1).await;
    world.until_offline().await;

    let expected = [
        (0, "online"),
        (0, "seen"),
        (2000, "typing"),
        (10_000, "typing"),
        (18_000, "typing"),
        (22_000, "stop typing"),
        (22_700, "id"),
        (23_700, "send"),
        (23_700, "answered"),
        (23_700, "offline"),
    ];
    let acts: Vec<_> = world.acts();
    assert_eq!(names(&acts), names(&expected));
    for ((found, act), (planned, _)) in acts.iter().zip(expected) {
        // the simulator's answer to a send may wait 20 ms for its own event to be posted
        assert!(
            (0..=25).contains(&(found - planned)),
            "{act}: {found} instead of {planned}"
        );
    }
}

/// A plan without typing, for a guest who saw it often enough without a message.
#[tokio::test(start_paused = true)]
async fn a_plan_without_typing_shows_none() {
    let world = World::new();
    let attempt = world.attempt();
    let mut compose = compose_request(attempt, 1);
    compose.plan = compose.plan.without_typing();
    let began = Instant::now();
    world.open(&compose).await.until_ready().await;
    assert_eq!(began.elapsed().as_secs(), 22, "it lasts as long");
    world.send(attempt, 1).await;
    world.until_offline().await;
    let acts = world.acts();
    assert_eq!(
        names(&acts),
        ["online", "id", "send", "answered", "offline"]
    );
}

fn names<'a>(acts: &[(i64, &'a str)]) -> Vec<&'a str> {
    acts.iter().map(|(_, name)| *name).collect()
}

/// Each of them is given up after 4 s; the deadline comes 20 s after the plan's own end.
#[tokio::test(start_paused = true)]
async fn visible_acts_that_hang_take_their_time_from_the_plan() {
    let world = World::new();
    let question = world.waha.guest(GUEST).write("A che ora?");
    let mut compose = compose_request(world.attempt(), 1);
    compose.seen = vec![format!("false_{GUEST}@c.us_{question}")];
    let steps = [
        Step::Online,
        Step::Seen,
        Step::Typing,
        Step::Typing,
        Step::TypingStopped,
    ];
    let hanging = steps.map(|step| world.waha.gate(step));
    let began = Instant::now();
    world.open(&compose).await.until_ready().await;
    // reading and typing were over before their acts were given up; taking the dots away is no part of the plan
    let late = began.elapsed().saturating_sub(compose.plan.total());
    assert!(late <= Duration::from_secs(10), "{late:?}");
    drop(hanging);
}

#[tokio::test(start_paused = true)]
async fn exactly_the_answered_message_is_marked_seen() {
    let world = World::new();
    let guest = world.waha.guest(GUEST);
    guest.write("Prima");
    let second = guest.write("Seconda");
    let mut compose = compose_request(world.attempt(), 1);
    compose.seen = vec![format!("false_{GUEST}@c.us_{second}")];
    world.open(&compose).await.until_ready().await;
    let seen: Vec<_> = world
        .waha
        .record()
        .into_iter()
        .filter_map(|entry| match entry.what {
            RecordedCall::Seen { ids, .. } => Some(ids),
            _ => None,
        })
        .collect();
    assert_eq!(seen, [vec![second]]);
}

#[tokio::test(start_paused = true)]
async fn without_a_question_nothing_is_marked_seen() {
    let world = World::new();
    world.ready(1).await;
    assert!(!world.act_names().contains(&"seen"));
}

#[tokio::test(start_paused = true)]
async fn the_stream_names_the_phases_and_beats_every_second() {
    let world = World::new();
    let begun = Instant::now();
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    let (mut phases, mut beats) = (Vec::new(), Vec::new());
    loop {
        match lines.next().await.expect("it becomes ready") {
            ComposeLine::Phase { phase, at } => {
                assert_eq!(at, world.clock.now());
                phases.push((phase, begun.elapsed().as_millis()));
            }
            ComposeLine::Heartbeat => beats.push(begun.elapsed().as_secs()),
            ComposeLine::Ready { message_id } => {
                assert!(message_id.is_some(), "this engine gives ids in advance");
                break;
            }
            ComposeLine::Ended { why } => panic!("it ended: {why}"),
        }
    }
    let phases: Vec<_> = phases
        .iter()
        .map(|(phase, at)| (*phase, at / 10 * 10))
        .collect();
    let expected = [
        (Phase::Reading, 0),
        (Phase::Typing, 2000),
        (Phase::Pausing, 22_000),
    ];
    assert_eq!(phases, expected);
    assert_eq!(beats, (1..=22).collect::<Vec<_>>());
    for _ in 0..3 {
        assert_eq!(
            lines.next().await,
            Some(ComposeLine::Heartbeat),
            "ready, it still beats"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_without_ids_in_advance_is_ready_without_one() {
    let world = World::with(Setting {
        profile: Profile::Waha2026_10WebJs,
        ..Setting::default()
    });
    world.waha.work_at_once(serde_json::json!({}));
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    assert_eq!(lines.until_ready().await, None);
}

#[tokio::test(start_paused = true)]
async fn failing_signs_never_fail_a_message() {
    let world = World::new();
    world.waha.misbehave(Misbehaviour::SignsFail.always());
    let begun = Instant::now();
    let (attempt, _lines) = world.ready(1).await;
    assert_eq!(begun.elapsed().as_millis() / 100, 227);
    assert_eq!(world.send(attempt, 1).await.status(), 200);
    assert_eq!(world.waha.phone(GUEST).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sign_that_hangs_is_left_out() {
    let world = World::new();
    let never = world.waha.gate(Step::Online);
    let begun = Instant::now();
    world.ready(1).await;
    assert!(never.was_reached());
    // 4 s of waiting for it, longer than the 2 s of reading; then 20 s of typing and the pause
    assert_eq!(begun.elapsed().as_secs(), 4 + 20);
}

#[tokio::test(start_paused = true)]
async fn a_second_composition_waits_for_the_first_to_leave_the_stage() {
    let world = World::new();
    let (first, _lines) = world.ready(1).await;
    let leaving = world.waha.gate(Step::Offline);
    world.send(first, 1).await;
    leaving.reached().await;
    let mut second = world.open(&compose_request(world.attempt(), 1)).await;
    sleep(Duration::from_secs(3)).await;
    leaving.release();
    second.until_ready().await;
    let names = world.act_names();
    let offline = names.iter().position(|name| *name == "offline").unwrap();
    let online = names.iter().rposition(|name| *name == "online").unwrap();
    assert!(
        offline < online,
        "the first went offline before the second came: {names:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_hours_is_refused() {
    let world = World::new();
    let mut compose = compose_request(world.attempt(), 1);
    compose.plan.typing_ms = u64::MAX;
    let answer = world.post("/sessions/groom/compose", &compose).await;
    assert_eq!(answer.problem(), (422, "plan_too_long".to_owned()));
}
