//! The same news to many: started twice, paused while a copy is being typed, resumed, and the rest cancelled. Nobody gets it twice,
//! and after a pause or a cancellation is answered, nothing of it arrives but what the answer names.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::RecordedCall;

use super::{setup::Setup, system::System};

const GUESTS: usize = 8;

fn number(guest: usize) -> String {
    format!("39347{guest:07}")
}

/// What arrived on each guest's phone.
fn arrived(system: &System) -> Vec<usize> {
    let phone = |guest| system.waha("groom").phone(&number(guest)).len();
    (0..GUESTS).map(phone).collect()
}

fn in_all(arrived: &[usize]) -> usize {
    arrived.iter().sum()
}

/// How often guests saw somebody begin to type, or a message was sent.
fn shown(system: &System) -> usize {
    let record = system.waha("groom").record();
    let shows = |call: &RecordedCall| {
        matches!(
            call,
            RecordedCall::TypingStarted { .. } | RecordedCall::SendArrived { .. }
        )
    };
    record.iter().filter(|entry| shows(&entry.what)).count()
}

async fn ask(system: &System, path: &str, body: Option<Value>) -> Value {
    let path = format!("/api/v1{path}");
    let (status, answer) = system.call(Method::POST, &path, body).await;
    assert!(status.is_success(), "{path}: {status} {answer:#}");
    answer
}

/// All guests but the last have written to the groom.
async fn guests(system: &System) {
    for guest in 0..GUESTS {
        system
            .on_the_list(&format!("Ospite {guest}"), &number(guest))
            .await;
    }
    for guest in 0..GUESTS - 1 {
        system.waha("groom").guest(&number(guest)).write("Ciao");
    }
    tokio::time::sleep(Duration::from_mins(2)).await;
}

/// Waits until so many copies have arrived in all.
async fn until_arrived(system: &System, count: usize) {
    let mut changes = system.waha("groom").changes();
    while in_all(&arrived(system)) < count {
        changes.changed().await.expect("the simulator lives");
    }
}

/// Waits until somebody begins to type, and a moment longer.
async fn until_typing(system: &System) {
    let typed = || {
        let record = system.waha("groom").record();
        let typing = |call: &RecordedCall| matches!(call, RecordedCall::TypingStarted { .. });
        record.iter().filter(|entry| typing(&entry.what)).count()
    };
    let before = typed();
    let mut changes = system.waha("groom").changes();
    while typed() == before {
        changes.changed().await.expect("the simulator lives");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
}

async fn copies(system: &System, broadcast: &str) -> Vec<Value> {
    let path = format!("/api/v1/messages?broadcast={broadcast}&limit=200");
    let (status, page) = system.call(Method::GET, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().expect("items").clone()
}

#[tokio::test(start_paused = true)]
async fn nobody_gets_it_twice_and_nothing_arrives_after_a_pause() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    guests(&system).await;
    let text = "{Ciao|Salve} {name}, qui trovate dove dormire e come arrivare alla festa.";
    let draft = json!({ "title": "Dove dormire", "template": text, "session": "groom" });
    let broadcast = ask(&system, "/broadcasts", Some(draft)).await;
    let id = broadcast["id"].as_str().expect("an id").to_owned();
    let path = format!("/broadcasts/{id}");

    let start = format!("{path}/start");
    let (one, other) = tokio::join!(ask(&system, &start, None), ask(&system, &start, None));
    assert_ne!(
        one["started_now"], other["started_now"],
        "{one:#} {other:#}"
    );
    assert_eq!(one["copies"]["all"], GUESTS);
    assert_eq!(copies(&system, &id).await.len(), GUESTS);

    until_arrived(&system, 2).await;
    until_typing(&system).await;
    let paused = ask(&system, &format!("{path}/pause"), None).await;
    assert_eq!(paused["committed"], json!([]), "{paused:#}");
    // the dots of the one that was being typed may still be told to go away
    tokio::time::sleep(Duration::from_secs(1)).await;
    let seen = shown(&system);
    // somebody writes, and somebody for the first time
    system
        .waha("groom")
        .guest(&number(GUESTS - 2))
        .write("Novità?");
    system
        .waha("groom")
        .guest(&number(GUESTS - 1))
        .write("Eccomi!");
    tokio::time::sleep(Duration::from_hours(6)).await;
    assert_eq!((in_all(&arrived(&system)), shown(&system)), (2, seen));
    for copy in copies(&system, &id).await {
        let waits = copy["wait"]["reason"] == "broadcast_paused";
        assert!(waits || copy["status"] == "sent", "{copy:#}");
    }

    ask(&system, &format!("{path}/resume"), None).await;
    until_arrived(&system, 4).await;
    until_typing(&system).await;
    let cancelled = ask(&system, &format!("{path}/cancel"), None).await;
    assert_eq!(cancelled["committed"], json!([]), "{cancelled:#}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let seen = shown(&system);
    tokio::time::sleep(Duration::from_hours(30)).await;
    let arrived = arrived(&system);
    assert!(arrived.iter().all(|copies| *copies <= 1), "{arrived:?}");
    assert_eq!((in_all(&arrived), shown(&system)), (4, seen));
    for copy in copies(&system, &id).await {
        let cancelled = copy["cancel_reason"] == "broadcast_cancelled";
        assert!(cancelled || copy["status"] == "sent", "{copy:#}");
    }
    let (_, end) = system
        .call(Method::GET, &format!("/api/v1{path}"), None)
        .await;
    assert_eq!(end["state"], "cancelled");
    assert_eq!(
        (&end["copies"]["sent"], &end["copies"]["cancelled"]),
        (&json!(4), &json!(4))
    );
}
