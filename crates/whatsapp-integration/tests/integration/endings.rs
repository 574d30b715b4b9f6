//! However a composition ends, the account goes offline, typing stops, and nothing is sent.

use std::time::Duration;

use domain::wire::{AttemptState, ComposeLine, CompositionEnd, FenceReply};
use rstest::rstest;
use tokio::time::{Instant, sleep};
use waha_simulator::{Misbehaviour, Step};

use crate::world::{GUEST, World, compose_request};

#[derive(Clone, Copy, Debug)]
enum Path {
    Cancelled,
    Fenced,
    OvertakenByANewerCompose,
    ClientGone,
    Stopping,
}

/// Breaks a composition off after so many milliseconds: while reading, typing, pausing, ready.
#[rstest]
#[tokio::test(start_paused = true)]
async fn every_path_leads_offline(
    #[values(
        Path::Cancelled,
        Path::Fenced,
        Path::OvertakenByANewerCompose,
        Path::ClientGone,
        Path::Stopping
    )]
    path: Path,
    #[values(1000, 9000, 22_300, 24_000)] after_ms: u64,
) {
    let mut world = World::new();
    let attempt = world.attempt();
    let mut lines = Some(world.open(&compose_request(attempt, 1)).await);
    sleep(Duration::from_millis(after_ms)).await;

    let mut other = None;
    match path {
        Path::Cancelled => assert_eq!(world.cancel(attempt, 1).await.status(), 204),
        Path::Fenced => {
            let reply: FenceReply = world.fence(2).await.json();
            assert_eq!(reply.running, [], "no call was running");
        }
        Path::OvertakenByANewerCompose => {
            other = Some(world.open(&compose_request(world.attempt(), 2)).await);
        }
        Path::ClientGone => lines = None,
        Path::Stopping => {
            world.shutdown.trigger();
            world.run_background().await.unwrap();
        }
    }
    world.until_offline().await;

    let why = match path {
        Path::Cancelled | Path::ClientGone => CompositionEnd::Cancelled,
        Path::Fenced | Path::OvertakenByANewerCompose => CompositionEnd::Fenced,
        Path::Stopping => CompositionEnd::Stopping,
    };
    let state = world.state(attempt).await.expect("it is remembered");
    assert!(
        matches!(state, AttemptState::NeverCalled { why: found } if found == why),
        "{state:?}"
    );
    if let Some(lines) = &mut lines {
        assert_eq!(lines.last().await, Some(ComposeLine::Ended { why }));
    }
    let names = world.act_names();
    let offline = names.iter().position(|name| *name == "offline").unwrap();
    let shown = &names[..offline];
    let stopped = shown.iter().rposition(|name| *name == "stop typing");
    assert!(
        stopped >= shown.iter().rposition(|name| *name == "typing"),
        "{names:?}"
    );
    let answer = world.send(attempt, 1).await;
    let code = if why == CompositionEnd::Fenced {
        "stale_epoch"
    } else {
        "not_ready"
    };
    assert_eq!(answer.problem(), (409, code.to_owned()));
    drop(other);
    assert_eq!(world.waha.phone(GUEST), []);
}

#[tokio::test(start_paused = true)]
async fn ready_lives_ten_seconds() {
    let world = World::new();
    let (attempt, mut lines) = world.ready(1).await;
    let ready = Instant::now();
    let why = CompositionEnd::ReadyExpired;
    assert_eq!(lines.next_step().await, Some(ComposeLine::Ended { why }));
    assert_eq!(ready.elapsed().as_millis() / 10, 1000);
    world.until_offline().await;
    let answer = world.send(attempt, 1).await;
    assert_eq!(answer.problem(), (409, "not_ready".to_owned()));
    assert_eq!(world.waha.phone(GUEST), []);
}

#[rstest]
#[case(9_990, true)]
#[case(10_010, false)]
#[tokio::test(start_paused = true)]
async fn a_send_must_come_within_those_ten_seconds(#[case] after_ms: u64, #[case] sent: bool) {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    sleep(Duration::from_millis(after_ms)).await;
    let answer = world.send(attempt, 1).await;
    assert_eq!(answer.status() == 200, sent);
    assert_eq!(world.waha.phone(GUEST).len(), usize::from(sent));
}

#[tokio::test(start_paused = true)]
async fn a_failed_send_leads_offline_too() {
    let world = World::new();
    world.waha.misbehave(Misbehaviour::DropBeforeAccepting);
    world.deliver().await;
    world.until_offline().await;
    assert_eq!(world.act_names().last(), Some(&"offline"));
}

#[tokio::test(start_paused = true)]
async fn a_composition_that_cannot_come_on_stage_ends_at_its_deadline() {
    let world = World::new();
    let (first, _lines) = world.ready(1).await;
    let hanging = world.waha.gate(Step::SendBeforeAccept);
    let sending = world.send(first, 1);
    let waiting = async {
        hanging.reached().await;
        // the older call goes on behind the fence, and nobody else may show anything meanwhile
        let begun = Instant::now();
        let attempt = world.attempt();
        let mut lines = world.open(&compose_request(attempt, 2)).await;
        let why = CompositionEnd::Deadline;
        assert_eq!(lines.last().await, Some(ComposeLine::Ended { why }));
        assert_eq!(begun.elapsed().as_millis() / 100, (22_700 + 20_000) / 100);
        hanging.release();
    };
    let (answer, ()) = tokio::join!(sending, waiting);
    assert_eq!(answer.status(), 200);
    assert_eq!(
        world
            .act_names()
            .iter()
            .filter(|name| **name == "online")
            .count(),
        1
    );
}
