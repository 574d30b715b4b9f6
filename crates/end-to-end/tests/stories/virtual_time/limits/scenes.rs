//! Rules that a random day seldom needs, each in a scene of its own: with the whole book the phone shows what it should,
//! without the rule it shows the breach.

use std::time::Duration;

use chrono::TimeDelta;
use domain::release::{Rule, Rulebook};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Recorded, RecordedCall, Simulator};

use super::life::number;
use crate::virtual_time::{setup::Setup, system::System};

/// A system at noon, where guests `0..guests` have written to the groom.
async fn noon(book: Rulebook, guests: usize) -> System {
    let setup = Setup {
        book,
        sessions: vec!["groom"],
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    for guest in 0..guests {
        let first = news(&system, guest, "Prima", json!({})).await;
        groom(&system).guest(&number(guest)).write("Ciao!");
        // What waited is taken back: the scene begins with nobody written to.
        cancel(&system, &first).await;
    }
    system
}

fn groom(system: &System) -> &Simulator {
    system.waha("groom")
}

async fn news(system: &System, guest: usize, text: &str, more: Value) -> String {
    let to = format!("+{}", number(guest));
    let mut body = json!({"session": "groom", "to": to, "text": text});
    let fields = body.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    system.enqueue_with(body).await
}

async fn cancel(system: &System, id: &str) {
    let path = format!("/api/v1/messages/{id}/cancel");
    let (status, answer) = system.call(Method::POST, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

async fn pass(minutes: u64) {
    tokio::time::sleep(Duration::from_mins(minutes)).await;
}

/// So many messages with this beginning are on the guest's phone.
fn arrived(system: &System, guest: usize, text: &str) -> usize {
    let phone = groom(system).phone(&number(guest));
    phone.iter().filter(|m| m.text.starts_with(text)).count()
}

#[tokio::test(start_paused = true)]
async fn who_opted_out_is_not_written_to() {
    for (book, expected) in [
        (Rulebook::default(), 0),
        (Rulebook::without(Rule::OptOut), 1),
    ] {
        let system = noon(book, 1).await;
        let sql = "UPDATE contact SET opted_out_at = created_at";
        system.database.execute(sql).await.expect("the database");
        news(&system, 0, "Notizia", json!({})).await;
        pass(30).await;
        assert_eq!(arrived(&system, 0, "Notizia"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_locked_session_is_silent() {
    for (book, expected) in [
        (Rulebook::default(), 0),
        (Rulebook::without(Rule::Locked), 1),
    ] {
        let system = noon(book, 2).await;
        let ends = system.world.now() + TimeDelta::hours(8);
        groom(&system).restrict(Some(ends));
        pass(2).await;
        news(&system, 1, "Notizia", json!({})).await;
        pass(5 * 60).await;
        assert_eq!(arrived(&system, 1, "Notizia"), expected);
    }
}

/// A session that is away is not even asked for the chat; without the rule the integration still refuses.
#[tokio::test(start_paused = true)]
async fn a_session_that_is_away_is_left_alone() {
    for book in [Rulebook::default(), Rulebook::without(Rule::Connected)] {
        let system = noon(book, 1).await;
        groom(&system).unlink_from_phone();
        pass(20).await;
        let before = groom(&system).record().len();
        let id = news(&system, 0, "Notizia", json!({})).await;
        pass(60).await;
        let record = groom(&system).record().split_off(before);
        let reads_chat = |entry: &Recorded| matches!(&entry.what, RecordedCall::MessagesRead { chat } if chat != "all");
        assert!(!record.iter().any(reads_chat), "{record:#?}");
        let message = system.message(&id).await;
        // Without the rule it is claimed again and again: at this moment it may be in the worker's hands.
        assert!(message["committed_at"].is_null(), "{message:#}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_doubt_holds_later_news_for_two_hours() {
    for (book, expected) in [
        (Rulebook::default(), 0),
        (Rulebook::without(Rule::Order), 1),
    ] {
        let system = noon(book, 1).await;
        groom(&system).misbehave(Misbehaviour::DropBeforeAccepting);
        let doubtful = news(&system, 0, "Dubbia", json!({})).await;
        system
            .until(&doubtful, "uncertain", Duration::from_mins(30))
            .await;
        groom(&system).behave();
        news(&system, 0, "Notizia", json!({})).await;
        pass(110).await;
        assert_eq!(
            arrived(&system, 0, "Notizia"),
            expected,
            "after 110 minutes"
        );
        pass(30).await;
        assert_eq!(arrived(&system, 0, "Notizia"), 1, "after the two hours");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_its_time() {
    for (book, expected) in [
        (Rulebook::default(), 0),
        (Rulebook::without(Rule::NotBefore), 1),
    ] {
        let system = noon(book, 1).await;
        let later = system.clock.now() + TimeDelta::hours(3);
        // Scheduled as it is queued, the row would wait by itself: it is scheduled again when it is due.
        let id = news(&system, 0, "Notizia", json!({ "not_before": later })).await;
        let sql = "UPDATE whatsapp_message_queue SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL";
        system.database.execute(sql).await.expect("the database");
        pass(170).await;
        assert_eq!(arrived(&system, 0, "Notizia"), expected);
        system.until(&id, "sent", Duration::from_hours(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_after_its_time() {
    for (book, expected) in [
        (Rulebook::default(), 0),
        (Rulebook::without(Rule::NotAfter), 1),
    ] {
        let system = noon(book, 1).await;
        // What waits for something of its own past its time is cancelled without the rule. This one waits with its whole session.
        system.control("groom", "pause").await;
        let soon = system.clock.now() + TimeDelta::minutes(30);
        news(&system, 0, "Tardi", json!({ "not_after": soon })).await;
        pass(60).await;
        system.control("groom", "resume").await;
        pass(60).await;
        assert_eq!(arrived(&system, 0, "Tardi"), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn three_cold_contacts_a_day() {
    for (book, expected) in [(Rulebook::default(), 3), (Rulebook::without(Rule::Cold), 5)] {
        let system = noon(book, 5).await;
        for sql in [
            "UPDATE contact_session SET last_in_at = last_in_at - 61 * 86400000",
            "UPDATE global_config SET cold_per_day = 3, version = version + 1",
        ] {
            system.database.execute(sql).await.expect("the database");
        }
        for guest in 0..5 {
            news(&system, guest, "Notizia", json!({})).await;
        }
        pass(8 * 60).await;
        let reached = (0..5).filter(|guest| arrived(&system, *guest, "Notizia") == 1);
        assert_eq!(reached.count(), expected);
    }
}
