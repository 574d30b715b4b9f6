//! With another number linked than that of the attempt nothing is shown and nothing is sent; what is read names the number that had it.

use std::time::Duration;

use domain::chat_id::ChatId;
use domain::outcome::SendAnswer;
use domain::wire::{ComposeLine, CompositionEnd, Fact, ReadChatRequest, ReadReply, SendReply};
use tokio::time::{Instant, sleep};
use waha_simulator::{Owner, Step};

use crate::world::{GUEST, World, compose_request};

const OTHER: &str = "393331119999";

impl World {
    fn link_other_number(&self) {
        self.waha.link_at_once(Owner {
            number: OTHER.to_owned(),
            name: "Sposo".to_owned(),
            lid: "111222333444559".to_owned(),
        });
    }
}

fn chat_request() -> ReadChatRequest {
    ReadChatRequest {
        chat: ChatId::Phone(GUEST.to_owned()),
        limit: 20,
        since: None,
    }
}

#[tokio::test(start_paused = true)]
async fn shows_nothing_when_another_number_is_linked() {
    let world = World::new();
    world.link_other_number();
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    let ended = ComposeLine::Ended {
        why: CompositionEnd::OtherNumber,
    };
    assert_eq!(lines.next_step().await, Some(ended));
    assert_eq!(world.act_names(), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn does_not_call_when_another_number_is_linked_after_ready() {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    world.link_other_number();
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(reply.answer, SendAnswer::OtherNumber);
    world.until_offline().await;
    assert!(!world.act_names().contains(&"send"));
}

/// Only an answer proves that another number is linked.
#[tokio::test(start_paused = true)]
async fn shows_nothing_and_says_so_when_the_number_cannot_be_read() {
    let world = World::new();
    let _read = world.waha.gate(Step::SessionRead);
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    let ended = ComposeLine::Ended {
        why: CompositionEnd::NumberUnread,
    };
    assert_eq!(lines.next_step().await, Some(ended));
    assert_eq!(world.act_names(), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn composes_when_the_number_is_read_within_a_few_seconds() {
    let world = World::new();
    let read = world.waha.gate(Step::SessionRead);
    let mut lines = world.open(&compose_request(world.attempt(), 1)).await;
    sleep(Duration::from_secs(6)).await;
    read.release();
    lines.until_ready().await;
}

#[tokio::test(start_paused = true)]
async fn a_composition_can_be_cancelled_while_the_number_is_being_read() {
    let world = World::new();
    let read = world.waha.gate(Step::SessionRead);
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    read.reached().await;
    let begun = Instant::now();
    world.cancel(attempt, 1).await;
    let ended = ComposeLine::Ended {
        why: CompositionEnd::Cancelled,
    };
    assert_eq!(lines.next_step().await, Some(ended));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

/// A session that shows a QR code still tells the account that it had.
#[tokio::test(start_paused = true)]
async fn does_not_call_when_the_session_is_unlinked_after_ready() {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    world.waha.unlink_from_phone();
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(reply.answer, SendAnswer::SessionAway);
    assert!(!world.act_names().contains(&"send"));
}

/// The session is away then: the circuit breaker counts it.
#[tokio::test(start_paused = true)]
async fn does_not_call_when_the_number_cannot_be_read_after_ready() {
    let world = World::new();
    let (attempt, _lines) = world.ready(1).await;
    let _read = world.waha.gate(Step::SessionRead);
    let reply: SendReply = world.send(attempt, 1).await.json();
    assert_eq!(reply.answer, SendAnswer::SessionAway);
    assert!(!world.act_names().contains(&"send"));
}

#[tokio::test(start_paused = true)]
async fn names_the_number_that_had_a_message() {
    let world = World::new();
    world.waha.guest(GUEST).write("Ciao");
    let answer = world
        .post("/sessions/groom/read-chat", &chat_request())
        .await;
    let read = answer.json::<ReadReply>().messages;
    let number = |message: &domain::wire::ObservedMessage| {
        let number = message.own_number.as_ref();
        number.map(|number| number.digits().to_owned())
    };
    let numbers: Vec<_> = read.iter().map(number).collect();
    assert_eq!(numbers, [Some("393331112222".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn names_the_number_of_a_webhook() {
    let mut world = World::with(crate::world::Setting::default());
    world.waha.remember_login();
    world.run_background();
    world.waha.until_listened_to().await;
    world.waha.guest(GUEST).write("Ciao");
    let is_message = |fact: &Fact| matches!(fact, Fact::Message(_));
    let Fact::Message(message) = world.queue_api.until_stored(is_message).await else {
        panic!("a message was stored");
    };
    let number = message.own_number.expect("a number");
    assert_eq!(number.digits(), "393331112222");
}

#[tokio::test(start_paused = true)]
async fn reads_nothing_when_another_number_is_linked_meanwhile() {
    let world = World::new();
    world.waha.guest(GUEST).write("Ciao");
    let gate = world.waha.gate(Step::MessagesRead);
    let request = chat_request();
    let (answer, ()) = tokio::join!(world.post("/sessions/groom/read-chat", &request), async {
        gate.reached().await;
        world.link_other_number();
        gate.release();
    });
    assert_eq!(answer.problem(), (503, "session_away".to_owned()));
}
