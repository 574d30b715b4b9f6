//! The owner types by hand while a composition is open: to the same person it ends at once, otherwise it goes on.

use std::time::Duration;

use domain::chat_id::ChatId;
use domain::outcome::SendAnswer;
use domain::wire::{AttemptState, ComposeLine, ComposeRequest, CompositionEnd, SendReply};
use http::StatusCode;
use rstest::rstest;
use tokio::time::sleep;
use waha_simulator::{Misbehaviour, Profile};

use crate::world::{GUEST, World, compose_request};

const OTHER: &str = "393470000002";

async fn settled() -> World {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_mins(1)).await;
    world
}

/// While it reads, types, pauses and is ready; also while nobody stores what the owner wrote.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_message_typed_by_hand_ends_the_composition_to_the_same_person(
    #[values(1000, 9000, 22_300, 24_000)] after_ms: u64,
    #[values(StatusCode::NO_CONTENT, StatusCode::SERVICE_UNAVAILABLE)] stored: StatusCode,
) {
    let world = settled().await;
    world.queue_api.answer(stored);
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    sleep(Duration::from_millis(after_ms)).await;
    world.waha.type_by_hand(GUEST, "Ti chiamo io");
    sleep(Duration::from_millis(500)).await;
    let why = CompositionEnd::HandTyped;
    assert_eq!(lines.last().await, Some(ComposeLine::Ended { why }));
    assert!(!world.waha.is_online(), "{:?}", world.acts());
    let state = world.state(attempt).await;
    assert!(
        matches!(state, Some(AttemptState::NeverCalled { why: found }) if found == why),
        "{state:?}"
    );
    let acts = world.act_names();
    let shown = acts.iter().rposition(|act| *act == "typing");
    assert!(
        acts.iter().rposition(|act| *act == "stop typing") >= shown,
        "{acts:?}"
    );
    assert_eq!(world.waha.phone(GUEST).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_typed_to_somebody_else_ends_nothing() {
    let world = settled().await;
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    sleep(Duration::from_secs(5)).await;
    world.waha.type_by_hand(OTHER, "Ciao mamma");
    lines.until_ready().await;
    assert_eq!(world.send(attempt, 1).await.status(), 200);
    assert_eq!(world.waha.phone(GUEST).len(), 1);
}

/// Whether that one left says nothing about this chat.
#[tokio::test(start_paused = true)]
async fn a_message_typed_by_hand_ends_the_composition_also_after_a_doubt_about_somebody_else() {
    let world = settled().await;
    world.waha.guest(OTHER).write("Ciao");
    world
        .waha
        .misbehave(Misbehaviour::DropBeforeAccepting.times(1));
    let doubted = ComposeRequest {
        chat: ChatId::Phone(OTHER.to_owned()),
        ..compose_request(world.attempt(), 1)
    };
    world.open(&doubted).await.until_ready().await;
    let reply: SendReply = world.send(doubted.attempt, 1).await.json();
    assert_eq!(reply.answer, SendAnswer::Unclear);
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    sleep(Duration::from_secs(9)).await;
    world.waha.type_by_hand(GUEST, "Ti chiamo io");
    sleep(Duration::from_millis(500)).await;
    let why = CompositionEnd::HandTyped;
    assert_eq!(lines.last().await, Some(ComposeLine::Ended { why }));
}

/// Its event comes while the next message to the same person is typed.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_late_event_of_an_own_message_ends_nothing(
    #[values(Profile::Waha2026_10Gows, Profile::Waha2026_10WebJs)] profile: Profile,
) {
    let world = World::settled(profile).await;
    sleep(Duration::from_mins(1)).await;
    let delay = Duration::from_secs(15);
    world
        .waha
        .misbehave(Misbehaviour::WebhooksLate { delay }.times(1));
    world.deliver().await;
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    lines.until_ready().await;
    assert_eq!(world.send(attempt, 1).await.status(), 200);
    assert_eq!(world.waha.phone(GUEST).len(), 2);
}
