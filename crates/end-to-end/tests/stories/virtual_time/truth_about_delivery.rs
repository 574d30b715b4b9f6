//! Receipts lost, late and wrong: what the couple is told of a message's delivery becomes true.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::Value;
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile, RecordedCall};

use super::{metrics::metric, setup::Setup, system::System};

const ZIA: &str = "393470000001";

/// The session of the scenario that reads a gauge. Gauges are the whole process's, and another scenario of it may have a `groom`.
const UNHEARD: &str = "unheard";

/// A system of `profile` whose guest has written to the groom.
async fn system_with(profile: Profile) -> System {
    system_of("groom", profile).await
}

async fn system_of(session: &'static str, profile: Profile) -> System {
    let setup = Setup {
        profile,
        sessions: vec![session],
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    system.on_the_list("Zia Pina", ZIA).await;
    system.waha(session).guest(ZIA).write("Ciao");
    tokio::time::sleep(Duration::from_secs(5)).await;
    system
}

async fn sent(system: &System, session: &str, text: &str) -> Value {
    let id = system.enqueue(session, &format!("+{ZIA}"), text).await;
    system.until(&id, "sent", Duration::from_mins(10)).await
}

/// WhatsApp's id of the newest message that reached WAHA.
async fn newest_raw_id(system: &System) -> String {
    let sql = "SELECT raw_id AS value FROM whatsapp_message_queue WHERE raw_id IS NOT NULL ORDER BY committed_at DESC";
    let rows = system.database.texts(sql).await;
    rows.into_iter().flatten().next().expect("a raw id")
}

async fn warnings(system: &System, session: &str) -> Vec<Value> {
    let session = system.shown_session(session).await;
    session["warnings"].as_array().expect("warnings").clone()
}

#[tokio::test(start_paused = true)]
async fn a_message_that_was_refused_and_arrived_after_all_is_sent() {
    let system = system_with(Profile::Waha2026_10NoWeb).await;
    system
        .waha("groom")
        .misbehave(Misbehaviour::RefusedByWhatsApp);
    let id = system.enqueue("groom", &format!("+{ZIA}"), "Eccoci").await;
    system.until(&id, "failed", Duration::from_mins(10)).await;
    let raw_id = newest_raw_id(&system).await;
    assert!(system.waha("groom").ack(&raw_id, 2));
    let message = system.until(&id, "sent", Duration::from_mins(1)).await;
    assert!(message["last_error"].is_null(), "{message:#}");
    assert!(message["delivered_at"].is_string(), "{message:#}");
    let retry = format!("/api/v1/messages/{id}/retry");
    let (status, answer) = system.call(http::Method::POST, &retry, None).await;
    assert_eq!(
        (status, &answer["code"]),
        (http::StatusCode::CONFLICT, &Value::from("not_failed"))
    );
}

/// The webhook with the better receipt is lost: the chat tells it.
#[tokio::test(start_paused = true)]
async fn a_better_receipt_is_found_in_the_chat() {
    let system = system_with(Profile::Waha2026_10NoWeb).await;
    system
        .waha("groom")
        .misbehave(Misbehaviour::RefusedByWhatsApp);
    let id = system.enqueue("groom", &format!("+{ZIA}"), "Eccoci").await;
    system.until(&id, "failed", Duration::from_mins(10)).await;
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 }.always();
    system.waha("groom").misbehave(lost.of_event("message.ack"));
    let raw_id = newest_raw_id(&system).await;
    system.waha("groom").ack(&raw_id, 2);
    system.until(&id, "sent", Duration::from_mins(6)).await;
}

/// WhatsApp takes the messages and says nothing more: the session is connected, and yet something is amiss.
#[tokio::test(start_paused = true)]
async fn a_session_whose_sends_are_never_confirmed_raises_a_warning() {
    // before anything is measured: from then on it is kept
    assert_eq!(without_receipt().await, None);
    let system = system_of(UNHEARD, Profile::Waha2026_10Gows).await;
    system.waha(UNHEARD).misbehave(Misbehaviour::StaysPending);
    let message = sent(&system, UNHEARD, "Ci sentite?").await;
    let left: DateTime<Utc> = message["sent_at"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .expect("a time");
    assert_eq!(warnings(&system, UNHEARD).await, [] as [Value; 0]);
    system
        .clock
        .sleep_until(left + TimeDelta::seconds(9 * 60 + 50))
        .await;
    assert_eq!(
        warnings(&system, UNHEARD).await,
        [] as [Value; 0],
        "too early to tell"
    );
    system
        .clock
        .sleep_until(left + TimeDelta::minutes(11))
        .await;
    let session = system.shown_session(UNHEARD).await;
    assert_eq!(session["state"], "connected");
    let warnings_now = warnings(&system, UNHEARD).await;
    let [warning] = &warnings_now[..] else {
        panic!("{session:#}");
    };
    assert_eq!(warning["code"], "no_receipts");
    assert_eq!(warning["messages"], 1);
    assert_eq!(warning["since"], message["sent_at"]);
    assert_eq!(without_receipt().await, Some(1));
    let sentence = warning["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("restart the session"), "{sentence}");
    // This engine tells no receipt that begins below the device: the chat shows that WhatsApp has the message.
    let raw_id = newest_raw_id(&system).await;
    system.waha(UNHEARD).ack(&raw_id, 1);
    tokio::time::sleep(Duration::from_mins(6)).await;
    assert_eq!(
        warnings(&system, UNHEARD).await,
        [] as [Value; 0],
        "it does not go away"
    );
    assert_eq!(without_receipt().await, Some(0));
}

/// How many sends of the unheard session have no receipt, as Prometheus would read it.
async fn without_receipt() -> Option<u64> {
    metric(&format!(
        "session_sends_without_receipt{{session=\"{UNHEARD}\"}}"
    ))
    .await
}

/// All is well but nobody tells us: neither webhooks nor reads. When one of them works again the warning goes away.
#[tokio::test(start_paused = true)]
async fn lost_receipts_raise_the_warning_until_a_chat_can_be_read() {
    let system = system_with(Profile::Waha2026_10NoWeb).await;
    let waha = system.waha("groom");
    let lost = || {
        let lost = Misbehaviour::WebhooksLost { chance: 1.0 }.always();
        lost.of_event("message.ack")
    };
    waha.misbehave(lost());
    let id = system
        .enqueue("groom", &format!("+{ZIA}"), "Ci sentite?")
        .await;
    let accepted = |call: &RecordedCall| matches!(call, RecordedCall::SendAccepted { .. });
    waha.until_recorded(accepted).await;
    waha.misbehave(Misbehaviour::ReadsFail.always());
    system.until(&id, "sent", Duration::from_mins(1)).await;
    tokio::time::sleep(Duration::from_mins(12)).await;
    assert_eq!(warnings(&system, "groom").await.len(), 1);
    waha.behave();
    waha.misbehave(lost());
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(warnings(&system, "groom").await, [] as [Value; 0]);
    let message = system.message(&id).await;
    assert!(message["delivered_at"].is_string(), "{message:#}");
}

/// Read two days later, and the word of it lost: receipts of three days are read again.
#[tokio::test(start_paused = true)]
async fn a_lost_receipt_of_two_days_ago_is_found_again() {
    let setup = Setup {
        profile: Profile::Waha2026_10Gows,
        interval: Duration::from_mins(15),
        ..Setup::for_days()
    };
    let recover = whatsapp_worker::Timings::default().recover;
    let setup = Setup {
        timings: whatsapp_worker::Timings {
            recover,
            ..setup.timings
        },
        ..setup
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    system.on_the_list("Zia Pina", ZIA).await;
    system.waha("groom").guest(ZIA).write("Ciao");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let message = sent(&system, "groom", "Ci vediamo!").await;
    let id = message["id"].as_str().expect("an id").to_owned();
    tokio::time::sleep(Duration::from_hours(50)).await;
    let before = system.message(&id).await;
    assert!(before["delivered_at"].is_string(), "{before:#}");
    assert!(before["read_at"].is_null(), "{before:#}");
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 }.always();
    system.waha("groom").misbehave(lost.of_event("message.ack"));
    let raw_id = newest_raw_id(&system).await;
    system.waha("groom").guest(ZIA).reads(&raw_id);
    tokio::time::sleep(Duration::from_mins(66)).await;
    let after = system.message(&id).await;
    assert!(after["read_at"].is_string(), "{after:#}");
}

/// One guest's messages stay at WhatsApp's server while another's arrive: after the hours of the settings she is named, until she writes.
#[tokio::test(start_paused = true)]
async fn a_guest_who_gets_nothing_while_others_do_is_named() {
    let system = system_with(Profile::Waha2026_10Gows).await;
    let waha = system.waha("groom");
    waha.misbehave(Misbehaviour::StaysAtServer.always().towards(ZIA));
    sent(&system, "groom", "Eccoci").await;
    let other = "393470000002";
    system.on_the_list("Zio Pino", other).await;
    waha.guest(other).write("Ciao");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let id = system
        .enqueue("groom", &format!("+{other}"), "Eccoci")
        .await;
    system.until(&id, "sent", Duration::from_mins(30)).await;

    let named = async || {
        let (_, named) = system
            .call(Method::GET, "/api/v1/undelivered-messages", None)
            .await;
        named.as_array().expect("a list").len()
    };
    tokio::time::sleep(Duration::from_hours(23)).await;
    assert_eq!(named().await, 0);
    assert_eq!(
        warnings(&system, "groom").await,
        Vec::<Value>::new(),
        "the session is well"
    );
    tokio::time::sleep(Duration::from_hours(2)).await;
    assert_eq!(named().await, 1);
    waha.guest(ZIA).write("Non mi arriva niente!");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(named().await, 0);
}
