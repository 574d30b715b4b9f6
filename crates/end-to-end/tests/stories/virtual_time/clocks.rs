//! The machine's clock is set by an hour or two days, either way, at every state of a message and of a session: each message
//! arrives once, limits keep their real length, and a session that reconnected is connected.

use std::time::Duration;

use chrono::TimeDelta;
use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";
const TO_ZIA: &str = "+39 347 000 0001";

/// A system whose guest wrote and got a first message a moment ago.
async fn after_a_first_message() -> System {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let hello = system.enqueue("groom", TO_ZIA, "Benvenuta!").await;
    system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&hello, "sent", Duration::from_mins(5)).await;
    system
}

fn arrived(system: &System, text: &str) -> usize {
    let phone = system.waha("groom").phone(ZIA);
    phone.iter().filter(|message| message.text == text).count()
}

fn set_clock(system: &System, hours: i64) {
    system.clock_steps.step(TimeDelta::hours(hours));
}

/// The worker looks within its interval, and sees then that the clock was set.
async fn until_noticed() {
    tokio::time::sleep(Duration::from_secs(70)).await;
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn keeps_the_cool_down_when_the_clock_is_set_while_it_waits(
    #[values(1, -1, 48, -48)] hours: i64,
) {
    let system = after_a_first_message().await;
    let first = system.world.now();
    let id = system.enqueue("groom", TO_ZIA, "Seconda").await;
    until_noticed().await;
    set_clock(&system, hours);
    system.until(&id, "sent", Duration::from_mins(90)).await;
    let waited = system.world.now() - first;
    assert!(waited > TimeDelta::minutes(58), "after {waited}");
    assert_eq!(arrived(&system, "Seconda"), 1);
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn sends_once_when_the_clock_is_set_while_it_is_typed(#[values(1, -1, 48, -48)] hours: i64) {
    let system = after_a_first_message().await;
    system.waha("groom").guest(ZIA).write("Ci sei?");
    let id = system
        .enqueue("groom", TO_ZIA, "Eccomi, con un testo lungo abbastanza")
        .await;
    system
        .until(&id, "composing", Duration::from_mins(20))
        .await;
    set_clock(&system, hours);
    system.until(&id, "sent", Duration::from_hours(2)).await;
    assert_eq!(arrived(&system, "Eccomi, con un testo lungo abbastanza"), 1);
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn sends_once_when_the_clock_is_set_during_the_call(#[values(1, -1, 48, -48)] hours: i64) {
    let system = after_a_first_message().await;
    let slow = Misbehaviour::SlowToAnswer {
        delay: Duration::from_secs(40),
    };
    system.waha("groom").misbehave(slow);
    system.waha("groom").guest(ZIA).write("Ci sei?");
    let id = system.enqueue("groom", TO_ZIA, "Eccomi").await;
    system.until(&id, "sending", Duration::from_mins(20)).await;
    set_clock(&system, hours);
    system.until(&id, "sent", Duration::from_mins(10)).await;
    tokio::time::sleep(Duration::from_hours(2)).await;
    assert_eq!(arrived(&system, "Eccomi"), 1);
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn settles_when_the_clock_is_set_while_it_is_uncertain(#[values(1, -1, 48, -48)] hours: i64) {
    let system = after_a_first_message().await;
    let waha = system.waha("groom");
    waha.misbehave(Misbehaviour::DropAfterAccepting);
    let by = Duration::from_mins(5);
    waha.misbehave(Misbehaviour::StoreLags { by }.always());
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    waha.guest(ZIA).write("Ci sei?");
    waha.misbehave(lost.always());
    let id = system.enqueue("groom", TO_ZIA, "Eccomi").await;
    system
        .until(&id, "uncertain", Duration::from_hours(2))
        .await;
    set_clock(&system, hours);
    system.until(&id, "sent", Duration::from_mins(30)).await;
    assert_eq!(arrived(&system, "Eccomi"), 1);
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn is_connected_and_sends_when_the_clock_is_set_while_the_session_is_away(
    #[values(1, -1, 48, -48)] hours: i64,
) {
    let system = after_a_first_message().await;
    let waha = system.waha("groom");
    waha.lose_network(Duration::from_mins(10));
    tokio::time::sleep(Duration::from_mins(5)).await;
    let away = system.shown_session("groom").await;
    assert_ne!(away["state"], "connected", "{away:#}");
    set_clock(&system, hours);
    tokio::time::sleep(Duration::from_mins(11)).await;
    let back = system.shown_session("groom").await;
    assert_eq!(back["state"], "connected", "{back:#}");
    assert!(back["paused"].is_null(), "{back:#}");
    waha.guest(ZIA).write("Ci sei?");
    let id = system.enqueue("groom", TO_ZIA, "Eccomi").await;
    system.until(&id, "sent", Duration::from_mins(10)).await;
    assert_eq!(arrived(&system, "Eccomi"), 1);
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn goes_on_when_the_clock_is_set_while_no_worker_runs(#[values(1, -1, 48, -48)] hours: i64) {
    let mut system = after_a_first_message().await;
    let first = system.world.now();
    system.stop_worker().await;
    let id = system.enqueue("groom", TO_ZIA, "Seconda").await;
    set_clock(&system, hours);
    system.start_worker();
    system.until(&id, "sent", Duration::from_mins(90)).await;
    let waited = system.world.now() - first;
    assert!(waited > TimeDelta::minutes(58), "after {waited}");
    assert_eq!(arrived(&system, "Seconda"), 1);
    let (_, shown) = system
        .call(Method::GET, "/api/v1/sessions/groom", None)
        .await;
    assert_eq!(shown["state"], "connected", "{shown:#}");
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn settles_what_became_uncertain_before_the_clock_was_set_right(
    #[values(1, 48)] hours: i64,
    #[values(Profile::Waha2026_10Gows, Profile::Waha2026_10WebJs)] profile: Profile,
) {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let waha = system.waha("groom");
    set_clock(&system, hours);
    until_noticed().await;
    let by = Duration::from_mins(15);
    waha.misbehave(Misbehaviour::StoreLags { by }.always());
    waha.guest(ZIA).write("Ci sei?");
    tokio::time::sleep(Duration::from_secs(5)).await;
    waha.misbehave(Misbehaviour::DropAfterAccepting);
    waha.misbehave(Misbehaviour::WebhooksLost { chance: 1.0 }.always());
    let id = send_now(&system, "Eccomi").await;
    system
        .until(&id, "uncertain", Duration::from_mins(20))
        .await;
    set_clock(&system, -hours);
    system.until(&id, "sent", Duration::from_mins(40)).await;
    assert_eq!(arrived(&system, "Eccomi"), 1);
}

async fn send_now(system: &System, text: &str) -> String {
    let body = json!({ "session": "groom", "to": TO_ZIA, "text": text, "send_now": true });
    system.enqueue_with(body).await
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn sends_again_when_a_person_wants_it_and_the_clock_was_set_right_since(
    #[values(1, 48)] hours: i64,
) {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let waha = system.waha("groom");
    set_clock(&system, hours);
    until_noticed().await;
    waha.guest(ZIA).write("Ci sei?");
    tokio::time::sleep(Duration::from_secs(5)).await;
    waha.misbehave(Misbehaviour::DropBeforeAccepting);
    let id = send_now(&system, "Eccomi").await;
    system
        .until(&id, "uncertain", Duration::from_mins(20))
        .await;
    tokio::time::sleep(Duration::from_mins(2)).await;
    set_clock(&system, -hours);
    let path = format!("/api/v1/messages/{id}/settle");
    let verdict = json!({ "verdict": "send_again" });
    let (status, answer) = system.call(Method::POST, &path, Some(verdict)).await;
    assert_eq!(status, StatusCode::OK, "{answer:#}");
    system.until(&id, "sent", Duration::from_hours(2)).await;
    assert_eq!(arrived(&system, "Eccomi"), 1);
}

#[tokio::test(start_paused = true)]
async fn keeps_the_order_of_two_messages_when_the_clock_is_set_back_between_them() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let waha = system.waha("groom");
    let first = system.enqueue("groom", TO_ZIA, "Prima").await;
    set_clock(&system, -1);
    let second = system.enqueue("groom", TO_ZIA, "Seconda").await;
    waha.guest(ZIA).write("Ciao");
    system.until(&second, "sent", Duration::from_hours(3)).await;
    assert_eq!(system.message(&first).await["status"], "sent");
    let phone = waha.phone(ZIA);
    let texts = phone.iter().map(|message| &*message.text);
    let ours: Vec<_> = texts.filter(|text| *text != "Ciao").collect();
    assert_eq!(ours, ["Prima", "Seconda"]);
}
