//! What a guest sees while a message is written to them: read → online → seen → wait → typing → stop → pause → send → offline.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::RecordedCall;

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// The visible acts of one session, in order, with their times.
fn acts(system: &System, since: DateTime<Utc>) -> Vec<(&'static str, DateTime<Utc>)> {
    let record = system.waha("groom").record();
    let acts = record
        .iter()
        .filter(|recorded| recorded.at >= since)
        .filter_map(|recorded| {
            let act = match &recorded.what {
                RecordedCall::MessagesRead { chat } if chat != "all" => "read",
                RecordedCall::Online { .. } => "online",
                RecordedCall::Seen { .. } => "seen",
                RecordedCall::TypingStarted { .. } => "typing",
                RecordedCall::TypingStopped { .. } => "stop",
                RecordedCall::SendArrived { .. } => "send",
                RecordedCall::Offline { .. } => "offline",
                _ => return None,
            };
            Some((act, recorded.at))
        });
    acts.collect()
}

fn at(acts: &[(&str, DateTime<Utc>)], act: &str) -> DateTime<Utc> {
    acts.iter()
        .find(|(name, _)| *name == act)
        .unwrap_or_else(|| panic!("no {act} in {acts:?}"))
        .1
}

#[tokio::test(start_paused = true)]
async fn a_message_that_answers_nothing_marks_nothing_as_seen() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let id = system
        .enqueue("groom", "+39 347 000 0001", &"x".repeat(100))
        .await;
    let begin = system.clock.now();
    system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&id, "sent", Duration::from_mins(5)).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let acts = acts(&system, begin);
    let mut order: Vec<&str> = acts.iter().map(|(act, _)| *act).collect();
    order.dedup();
    assert_eq!(
        order,
        ["read", "online", "typing", "stop", "send", "offline"],
        "{acts:?}"
    );
    let reading = at(&acts, "typing") - at(&acts, "online");
    assert!(
        (2_000..=5_100).contains(&reading.num_milliseconds()),
        "read for {reading}"
    );
    let typing = at(&acts, "stop") - at(&acts, "typing");
    assert!(
        (24_000..=36_100).contains(&typing.num_milliseconds()),
        "typed 100 characters for {typing}"
    );
    let pause = at(&acts, "send") - at(&acts, "stop");
    assert!(
        (500..=2_100).contains(&pause.num_milliseconds()),
        "paused for {pause}"
    );
    let refreshes: Vec<_> = acts
        .iter()
        .filter(|(act, _)| *act == "typing")
        .map(|(_, at)| *at)
        .collect();
    assert!(
        refreshes.len() >= 3,
        "the dots were not refreshed: {refreshes:?}"
    );
    assert!(
        refreshes
            .windows(2)
            .all(|pair| pair[1] - pair[0] <= chrono::TimeDelta::milliseconds(8_100))
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_marks_exactly_its_message_as_seen_and_quotes_it() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let first = system
        .enqueue("groom", "+39 347 000 0001", "Benvenuta!")
        .await;
    let earlier = system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&first, "sent", Duration::from_mins(5)).await;
    let question = system.waha("groom").guest(ZIA).write("A che ora?");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let rows = system.database.texts("SELECT id AS value FROM conversation_message WHERE direction = 'inbound' ORDER BY at DESC LIMIT 1").await;
    let answered = rows[0].clone().expect("the question was stored");
    let begin = system.clock.now();
    let body = json!({
        "session": "groom", "to": "+39 347 000 0001", "text": "Alle sei!", "lane": "reply", "reply_to": answered,
    });
    let id = system.enqueue_with(body).await;
    system.until(&id, "sent", Duration::from_mins(2)).await;
    let record = system.waha("groom").record();
    let seen: Vec<_> = record
        .iter()
        .filter(|recorded| recorded.at >= begin)
        .filter_map(|recorded| match &recorded.what {
            RecordedCall::Seen { ids, .. } => Some(ids.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        seen,
        [vec![question.clone()]],
        "the earlier one was {earlier}"
    );
    let last = system.waha("groom").phone(ZIA).pop().expect("the answer");
    assert_eq!(
        (last.text.as_str(), last.quoted),
        ("Alle sei!", Some(question))
    );
    let acts = acts(&system, begin);
    assert!(at(&acts, "seen") < at(&acts, "typing"));
}

#[tokio::test(start_paused = true)]
async fn signs_that_fail_never_fail_a_message() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system
        .waha("groom")
        .misbehave(waha_simulator::Misbehaviour::SignsFail.always());
    let id = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&id, "sent", Duration::from_mins(5)).await;
    assert_eq!(system.waha("groom").phone(ZIA).len(), 1);
}
