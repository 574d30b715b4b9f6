//! A spouse writes by hand to the guest whose message is being typed: the dots stop within a second, and ours is held.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    chat_id::ChatId,
    wire::{Fact, FactReport, MessageKind, ObservedMessage},
};
use http::Request;
use secrecy::ExposeSecret as _;
use serde_json::json;
use storage::testing::TestDatabase;
use tokio::time::sleep;
use waha_simulator::{Recorded, RecordedCall, WrittenBy};

use super::{
    setup::Setup,
    system::{System, secret, session},
};

const ZIA: &str = "393470000001";
const BY_HAND: &str = "Ti chiamo io";

/// A message of 150 characters, which takes 36 to 54 s, and has been typed for 10 s.
async fn being_typed() -> (System, String) {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let text = "x".repeat(150);
    let id = system.enqueue("groom", "+39 347 000 0001", &text).await;
    let waha = system.waha("groom");
    waha.guest(ZIA).write("Ciao");
    let typing = |call: &RecordedCall| matches!(call, RecordedCall::TypingStarted { .. });
    waha.until_recorded(typing).await;
    sleep(Duration::from_secs(10)).await;
    (system, id)
}

/// Stops within a second, waits for the half hour after `typed`, and then goes once.
async fn stops_and_is_held(system: &System, id: &str, typed: DateTime<Utc>) {
    sleep(Duration::from_secs(50)).await;
    let record = system.waha("groom").record();
    let mut shown = record.iter().filter(|entry| {
        matches!(
            entry.what,
            RecordedCall::TypingStarted { .. } | RecordedCall::TypingStopped { .. }
        )
    });
    let last = shown.next_back().expect("it was typed");
    let went_on = last.at - typed;
    assert!(
        matches!(last.what, RecordedCall::TypingStopped { .. }),
        "{:?} came {went_on} after",
        last.what
    );
    assert!(
        went_on <= TimeDelta::seconds(1),
        "the dots went on {went_on}"
    );
    assert!(!system.waha("groom").is_online());

    let waiting = system.message(id).await;
    assert_eq!(waiting["status"], "pending", "{waiting:#}");
    assert_eq!(waiting["wait"]["reason"], "hand_typed", "{waiting:#}");
    sleep(Duration::from_mins(28)).await;
    assert_eq!(system.message(id).await["status"], "pending");
    system.until(id, "sent", Duration::from_mins(5)).await;
    let ours = system.waha("groom").phone(ZIA);
    let ours = ours
        .iter()
        .filter(|shown| shown.written_by == WrittenBy::Waha);
    assert_eq!(ours.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_dots_stop_within_a_second_and_the_message_is_held() {
    let (system, id) = being_typed().await;
    let typed = system.world.now();
    system.waha("groom").type_by_hand(ZIA, BY_HAND);
    stops_and_is_held(&system, &id, typed).await;
}

/// While queue-api is down nobody can store it; the dots stop all the same.
#[tokio::test(start_paused = true)]
async fn the_dots_stop_while_nobody_can_store_it() {
    let (system, id) = being_typed().await;
    let typed = system.world.now();
    let router = system.inner.clone();
    system.facts.stop();
    system.waha("groom").type_by_hand(ZIA, BY_HAND);
    sleep(Duration::from_secs(5)).await;
    system.facts.start(router);
    stops_and_is_held(&system, &id, typed).await;
}

/// The integration cannot know every own message, after a restart for example: then what is stored ends the composition.
#[tokio::test(start_paused = true)]
async fn the_dots_stop_when_it_is_stored_by_another_way() {
    let (system, id) = being_typed().await;
    let typed = system.world.now();
    let message = ObservedMessage {
        raw_id: "3EB0AAAABBBBCCCC".to_owned(),
        full_id: format!("true_{ZIA}@c.us_3EB0AAAABBBBCCCC"),
        chat: ChatId::Phone(ZIA.to_owned()),
        own_number: None,
        read_in_chat: false,
        alt: None,
        from_me: true,
        at: typed,
        kind: MessageKind::Text,
        body: Some(BY_HAND.to_owned()),
        reply_to: None,
        push_name: None,
        ack: None,
    };
    let report = FactReport {
        session: session("groom"),
        facts: vec![Fact::Message(message)],
    };
    let token = secret("internal");
    let request = Request::post("/facts")
        .header("authorization", format!("Bearer {}", token.expose_secret()))
        .header("content-type", "application/json")
        .body(Bytes::from(serde_json::to_vec(&report).expect("JSON")))
        .expect("a request");
    let facts = Outbound::in_process(system.facts.clone());
    let answer = facts.call(request, Duration::from_secs(10)).await;
    assert!(answer.expect("an answer").status().is_success());
    stops_and_is_held(&system, &id, typed).await;
}

/// WhatsApp's times say that it was written two hours ago.
#[tokio::test(start_paused = true)]
async fn the_dots_stop_although_the_clock_is_ahead() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system.clock_steps.step(TimeDelta::hours(2));
    sleep(Duration::from_secs(70)).await;
    let waha = system.waha("groom");
    let text = "x".repeat(150);
    let reply =
        json!({ "session": "groom", "to": "+39 347 000 0001", "text": text, "lane": "reply" });
    system.enqueue_with(reply).await;
    waha.guest(ZIA).write("Ciao");
    let typing = |call: &RecordedCall| matches!(call, RecordedCall::TypingStarted { .. });
    waha.until_recorded(typing).await;
    sleep(Duration::from_secs(10)).await;
    let typed = system.world.now();
    waha.type_by_hand(ZIA, BY_HAND);
    sleep(Duration::from_secs(1)).await;
    let record = waha.record();
    let stopped = |entry: &&Recorded| {
        entry.at >= typed && matches!(entry.what, RecordedCall::TypingStopped { .. })
    };
    assert_eq!(record.iter().filter(stopped).count(), 1);
}
