//! WAHA refuses every send for a day, each time in another way, while sixty guests wait for a message.
//!
//! Measured on what the guests' phones showed: how often each guest saw "typing…" without a message, and how much was shown in an
//! hour. When WAHA is well again, sending goes on: by itself after a refusal that proves that nothing was sent, otherwise when WAHA
//! restarts or reconnects, or when a person says so.

#![expect(
    clippy::print_stdout,
    reason = "a person compares the counts of each kind of trouble"
)]

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, RecordedCall, Simulator};

use super::{setup::Setup, system::System};

const GUESTS: usize = 60;
/// A day and ten minutes: the last probe was refused shortly before WAHA is well, so the next one is nearly an hour away.
const A_DAY: Duration = Duration::from_mins(24 * 60 + 10);
/// A session that flaps is lost so often, and so long.
const FLAPS_EVERY: Duration = Duration::from_mins(10);
const FLAPS_FOR: Duration = Duration::from_secs(5);
/// Automatic messages in an hour.
const LIMIT: usize = 10;

/// How sending goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recovery {
    ByItself,
    AfterARestart,
    AfterAReconnect,
    ByAPerson,
}

/// What the day cost.
#[derive(Debug)]
struct Counts {
    /// Typing phases before the first message, of the guest who saw most of them.
    typing_of_a_guest: usize,
    typing: usize,
    /// Typing phases in the hour of the trouble that had most of them.
    typing_in_an_hour: usize,
    /// Slots in the hour that had most of them: messages, and compositions that sent nothing.
    slots_in_an_hour: usize,
    lost: i64,
    problem: Value,
    /// From the end of the trouble to the first message.
    recovered_after: Option<TimeDelta>,
    sent_in_six_hours: usize,
}

#[tokio::test(start_paused = true)]
async fn a_key_that_may_not_send() {
    let counts = day_of(Misbehaviour::RefuseBeforeAccepting { status: 403 }, false).await;
    holds("403", counts, Recovery::ByItself).await;
}

#[tokio::test(start_paused = true)]
async fn too_many_requests() {
    let counts = day_of(Misbehaviour::RefuseBeforeAccepting { status: 429 }, false).await;
    holds("429", counts, Recovery::ByItself).await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_flaps() {
    let counts = day_of(Misbehaviour::RefuseBeforeAccepting { status: 422 }, true).await;
    holds("422 flapping", counts, Recovery::ByItself).await;
}

#[tokio::test(start_paused = true)]
async fn every_send_is_a_bad_request() {
    let counts = day_of(Misbehaviour::RefuseBeforeAccepting { status: 400 }, false).await;
    holds("400", counts, Recovery::AfterARestart).await;
}

#[tokio::test(start_paused = true)]
async fn every_send_ends_with_an_error_of_the_engine() {
    let message = "Evaluation failed".to_owned();
    let counts = day_of(Misbehaviour::FailBeforeAccepting { message }, false).await;
    holds("500", counts, Recovery::AfterAReconnect).await;
}

#[tokio::test(start_paused = true)]
async fn every_send_hangs() {
    let counts = day_of(Misbehaviour::HangBeforeAccepting, false).await;
    holds("hang", counts, Recovery::ByAPerson).await;
}

fn number(guest: usize) -> String {
    format!("39347000{guest:04}")
}

/// The day itself, from noon to noon.
async fn day_of(misbehaviour: Misbehaviour, flaps: bool) -> System {
    let setup = Setup {
        sessions: vec!["groom"],
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let waha = system.waha("groom");
    waha.misbehave(misbehaviour.always());
    for guest in 0..GUESTS {
        let to = format!("+{}", number(guest));
        system.enqueue("groom", &to, "Ci vediamo alle undici").await;
    }
    for sql in [
        "UPDATE whatsapp_session_status SET first_connected_at = first_connected_at - 2592000000",
        "UPDATE session_number SET first_connected_at = first_connected_at - 2592000000",
    ] {
        system.database.execute(sql).await.expect("the database");
    }
    for guest in 0..GUESTS {
        waha.guest(&number(guest)).write("Ciao!");
    }
    let ends = tokio::time::Instant::now() + A_DAY;
    while tokio::time::Instant::now() < ends {
        tokio::time::sleep(FLAPS_EVERY).await;
        if flaps {
            waha.lose_network(FLAPS_FOR);
        }
    }
    system
}

async fn holds(what: &str, system: System, recovery: Recovery) {
    let waha = system.waha("groom");
    let problem = session(&system).await["problem"].clone();
    let lost = lost(&system).await;
    waha.behave();
    let well_at = system.world.now();
    match recovery {
        Recovery::ByItself => {}
        Recovery::AfterARestart => waha.restart(),
        Recovery::AfterAReconnect => waha.lose_network(Duration::from_secs(30)),
        Recovery::ByAPerson => try_again(&system).await,
    }
    tokio::time::sleep(Duration::from_hours(6)).await;
    let delivered = waha.all_deliveries();
    let shown = typing(waha);
    let counts = Counts {
        typing_of_a_guest: most_for_one_guest(waha, &shown),
        typing: shown.iter().filter(|(_, at)| *at < well_at).count(),
        typing_in_an_hour: most_in_an_hour(
            shown.iter().map(|(_, at)| *at).filter(|at| *at < well_at),
        ),
        slots_in_an_hour: most_in_an_hour(slots(&system).await.into_iter()),
        lost,
        problem,
        recovered_after: delivered.first().map(|first| first.at - well_at),
        sent_in_six_hours: delivered.len(),
    };
    println!("{what:>12} | {recovery:?} | {counts:?}");
    assert!(counts.typing >= 2, "nothing was tried: {counts:?}");
    assert!(counts.typing_of_a_guest <= 3, "{counts:?}");
    assert!(counts.typing_in_an_hour <= LIMIT, "{counts:?}");
    assert!(counts.slots_in_an_hour <= LIMIT, "{counts:?}");
    assert!(counts.lost <= 3, "{counts:?}");
    assert!(counts.problem.is_string(), "nobody is told: {counts:?}");
    let within_an_hour = |after: TimeDelta| after <= TimeDelta::hours(1);
    assert!(
        counts.recovered_after.is_some_and(within_an_hour),
        "{counts:?}"
    );
    assert!(counts.sent_in_six_hours >= 20, "{counts:?}");
    assert_eq!(session(&system).await["problem"], Value::Null);
}

async fn session(system: &System) -> Value {
    let (status, shown) = system
        .call(Method::GET, "/api/v1/sessions/groom", None)
        .await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    shown
}

async fn try_again(system: &System) {
    let path = "/api/v1/sessions/groom/try-again";
    let (status, answer) = system.call(Method::POST, path, Some(json!({}))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

async fn lost(system: &System) -> i64 {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS value FROM whatsapp_message_queue WHERE status IN ('failed', 'uncertain')";
    system.database.ints(sql).await[0].expect("a count")
}

/// When each slot was used: when its message was answered, or its composition ended without a send.
async fn slots(system: &System) -> Vec<DateTime<Utc>> {
    let sql = "SELECT COALESCE(unsent_at, ended_at) AS value FROM send_reservation
               WHERE state = 'committed' OR unsent_at IS NOT NULL ORDER BY 1";
    let times = system.database.ints(sql).await.into_iter().flatten();
    times.filter_map(DateTime::from_timestamp_millis).collect()
}

/// When each typing phase began, by chat: dots that are refreshed go on.
fn typing(waha: &Simulator) -> Vec<(String, DateTime<Utc>)> {
    let mut begun = HashMap::new();
    let mut phases = Vec::new();
    for entry in waha.record() {
        match entry.what {
            RecordedCall::TypingStarted { chat } => {
                let refreshed = begun.insert(chat.clone(), true) == Some(true);
                phases.extend((!refreshed).then_some((chat, entry.at)));
            }
            RecordedCall::TypingStopped { chat } => {
                begun.insert(chat, false);
            }
            _ => {}
        }
    }
    phases
}

fn most_for_one_guest(waha: &Simulator, phases: &[(String, DateTime<Utc>)]) -> usize {
    let of_guest = |number: String| {
        let first = waha.phone(&number).first().map(|message| message.at);
        let before = |at: DateTime<Utc>| first.is_none_or(|first| at < first);
        let chat = format!("{number}@c.us");
        let seen = phases.iter().filter(|(to, at)| *to == chat && before(*at));
        seen.count()
    };
    (0..GUESTS).map(number).map(of_guest).max().unwrap_or(0)
}

fn most_in_an_hour(times: impl Iterator<Item = DateTime<Utc>>) -> usize {
    let times: Vec<_> = times.collect();
    let in_hour_after = |begin: &DateTime<Utc>| {
        let inside = |at: &&DateTime<Utc>| **at >= *begin && **at < *begin + TimeDelta::hours(1);
        times.iter().filter(inside).count()
    };
    times.iter().map(in_hour_after).max().unwrap_or(0)
}
