//! WAHA refuses every send for a day, each time in another way, while sixty guests wait for a message.
//!
//! Measured on what the guests' phones showed and on what WAHA itself recorded: how often each guest saw "typing…" without a message,
//! and how much was shown and sent in an hour. When WAHA is well again, sending goes on: by itself after a refusal that proves that
//! nothing was sent, otherwise when WAHA restarts or reconnects, or when a person says so.

#![expect(
    clippy::print_stdout,
    reason = "a person compares the counts of each kind of trouble"
)]

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::Value;
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, RecordedCall, Simulator};

use super::{setup::Setup, system::System};

const GUESTS: usize = 60;
/// How long the trouble lasts, and what is seen of the time after it.
#[derive(Debug, Clone, Copy)]
struct Length {
    trouble: Duration,
    after: Duration,
    /// The fewest messages that are sent after it.
    sent: usize,
}

/// A day and ten minutes: the last probe was refused shortly before WAHA is well, so the next one is nearly an hour away.
const A_WHOLE_DAY: Length = Length {
    trouble: Duration::from_mins(24 * 60 + 10),
    after: Duration::from_hours(6),
    sent: 20,
};
/// Enough for every back-off, and for many reconnects of a session that flaps.
const THREE_HOURS: Length = Length {
    trouble: Duration::from_mins(3 * 60 + 10),
    after: Duration::from_mins(90),
    sent: 5,
};
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
    /// Sends that reached WAHA in the hour that had most of them, whatever became of them.
    sends_in_an_hour: usize,
    lost: i64,
    lost_at_the_end: i64,
    problem: Value,
    /// From the end of the trouble to the first message.
    recovered_after: Option<TimeDelta>,
    sent_after: usize,
}

/// How WAHA refuses, and what people are told of it.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Status(u16, &'static str),
    EngineError,
    Hang,
}

impl Trouble {
    fn misbehaviour(self) -> Misbehaviour {
        match self {
            Self::Status(status, _) => Misbehaviour::RefuseBeforeAccepting { status },
            Self::EngineError => Misbehaviour::FailBeforeAccepting {
                message: "Evaluation failed".to_owned(),
            },
            Self::Hang => Misbehaviour::HangBeforeAccepting,
        }
    }

    const fn problem(self) -> &'static str {
        match self {
            Self::Status(_, problem) => problem,
            Self::EngineError | Self::Hang => "sending_unclear",
        }
    }
}

const FORBIDDEN: Trouble = Trouble::Status(403, "sending_forbidden");
const TOO_FAST: Trouble = Trouble::Status(429, "sending_too_fast");
const UNSTABLE: Trouble = Trouble::Status(422, "sending_unstable");
const REJECTED: Trouble = Trouble::Status(400, "sending_rejected");

#[rstest]
#[case::a_key_that_may_not_send(FORBIDDEN, false, Recovery::ByItself)]
#[case::too_many_requests(TOO_FAST, false, Recovery::ByItself)]
#[case::a_session_that_flaps(UNSTABLE, true, Recovery::ByItself)]
#[case::every_send_is_a_bad_request(REJECTED, false, Recovery::AfterARestart)]
#[case::every_send_ends_with_an_error_of_the_engine(
    Trouble::EngineError,
    false,
    Recovery::AfterAReconnect
)]
#[case::every_send_hangs(Trouble::Hang, false, Recovery::ByAPerson)]
#[tokio::test(start_paused = true)]
async fn costs_no_guest_more_than_three_phases_of_typing_in_a_day(
    #[case] trouble: Trouble,
    #[case] flaps: bool,
    #[case] recovery: Recovery,
) {
    holds(trouble, flaps, recovery, A_WHOLE_DAY).await;
}

/// What ends the trouble in the scenarios of a whole day is left out here.
#[rstest]
#[case(REJECTED, Recovery::AfterAReconnect)]
#[case(REJECTED, Recovery::ByAPerson)]
#[case(Trouble::EngineError, Recovery::AfterARestart)]
#[case(Trouble::EngineError, Recovery::ByAPerson)]
#[case(Trouble::Hang, Recovery::AfterARestart)]
#[case(Trouble::Hang, Recovery::AfterAReconnect)]
#[tokio::test(start_paused = true)]
async fn sends_again_whatever_ends_trouble_that_may_cost_messages(
    #[case] trouble: Trouble,
    #[case] recovery: Recovery,
) {
    holds(trouble, false, recovery, THREE_HOURS).await;
}

/// Each reconnect permits a try, and yet no more than three messages are lost in one outage.
#[rstest]
#[case(REJECTED)]
#[case(Trouble::EngineError)]
#[case(Trouble::Hang)]
#[tokio::test(start_paused = true)]
async fn loses_no_more_than_three_messages_when_the_session_reconnects_in_the_trouble(
    #[case] trouble: Trouble,
) {
    holds(trouble, true, Recovery::ByAPerson, THREE_HOURS).await;
}

fn number(guest: usize) -> String {
    format!("39347000{guest:04}")
}

/// The trouble itself, from noon on.
async fn in_trouble(trouble: Trouble, flaps: bool, length: Length) -> System {
    let setup = Setup {
        sessions: vec!["groom"],
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let waha = system.waha("groom");
    waha.misbehave(trouble.misbehaviour().always());
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
    let ends = tokio::time::Instant::now() + length.trouble;
    while tokio::time::Instant::now() < ends {
        tokio::time::sleep(FLAPS_EVERY).await;
        if flaps {
            waha.lose_network(FLAPS_FOR);
        }
    }
    system
}

async fn holds(trouble: Trouble, flaps: bool, recovery: Recovery, length: Length) {
    let system = in_trouble(trouble, flaps, length).await;
    let waha = system.waha("groom");
    let problem = session(&system).await["problem"].clone();
    let lost_in_trouble = lost(&system).await;
    waha.behave();
    let well_at = system.world.now();
    match recovery {
        Recovery::ByItself => {}
        Recovery::AfterARestart => waha.restart(),
        Recovery::AfterAReconnect => waha.lose_network(Duration::from_secs(30)),
        Recovery::ByAPerson => system.control("groom", "try-again").await,
    }
    tokio::time::sleep(length.after).await;
    let delivered = waha.all_deliveries();
    let shown = typing(waha);
    let counts = Counts {
        typing_of_a_guest: most_for_one_guest(waha, &shown),
        typing: shown.iter().filter(|(_, at)| *at < well_at).count(),
        typing_in_an_hour: most_in_an_hour(
            shown.iter().map(|(_, at)| *at).filter(|at| *at < well_at),
        ),
        slots_in_an_hour: most_in_an_hour(slots(&system).await.into_iter()),
        sends_in_an_hour: most_in_an_hour(sends(waha)),
        lost: lost_in_trouble,
        lost_at_the_end: lost(&system).await,
        problem,
        recovered_after: delivered.first().map(|first| first.at - well_at),
        sent_after: delivered.len(),
    };
    println!("{trouble:?} | flaps: {flaps} | {recovery:?} | {counts:?}");
    assert!(counts.typing >= 2, "nothing was tried: {counts:?}");
    assert!((1..=3).contains(&counts.typing_of_a_guest), "{counts:?}");
    assert!(counts.typing_in_an_hour <= LIMIT, "{counts:?}");
    assert!(counts.slots_in_an_hour <= LIMIT, "{counts:?}");
    assert!(counts.sends_in_an_hour <= LIMIT, "{counts:?}");
    assert!(counts.lost <= 3, "{counts:?}");
    assert!(counts.lost_at_the_end <= 3, "{counts:?}");
    assert_eq!(counts.problem, trouble.problem(), "{counts:?}");
    let within_an_hour = |after: TimeDelta| after <= TimeDelta::hours(1);
    assert!(
        counts.recovered_after.is_some_and(within_an_hour),
        "{counts:?}"
    );
    assert!(counts.sent_after >= length.sent, "{counts:?}");
    assert_eq!(session(&system).await["problem"], Value::Null);
}

async fn session(system: &System) -> Value {
    let (status, shown) = system
        .call(Method::GET, "/api/v1/sessions/groom", None)
        .await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    shown
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

/// When each send reached WAHA.
fn sends(waha: &Simulator) -> impl Iterator<Item = DateTime<Utc>> {
    let arrived = waha.record().into_iter();
    arrived
        .filter(|entry| matches!(entry.what, RecordedCall::SendArrived { .. }))
        .map(|entry| entry.at)
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
