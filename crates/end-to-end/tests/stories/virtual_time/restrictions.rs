//! WhatsApp restricts a number: both meanings of error 463 on automatic messages and on answers, and cappings, measured on the simulated
//! phones over two days.

use chrono::{DateTime, TimeDelta, Utc};
use domain::release::Lock;
use http::Method;
use rstest::rstest;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile, Simulator, Step};

use super::{
    setup::Setup,
    system::{System, session},
};

/// Guests who get news, after the one that is refused.
const NEWS: usize = 4;
/// Guests who write and get an answer, every three hours by day.
const ANSWERS: usize = 8;
const TWO_DAYS: TimeDelta = TimeDelta::hours(48);

/// What the account's time-lock says after the refusal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeLock {
    Active,
    Inactive,
    Unreadable,
}

fn number(guest: usize) -> String {
    format!("39347{guest:07}")
}

fn groom(system: &System) -> &Simulator {
    system.waha("groom")
}

async fn pass(time: TimeDelta) {
    tokio::time::sleep(time.to_std().expect("a time to come")).await;
}

/// So many guests wrote two days ago to a number that is old.
async fn noon(profile: Profile, guests: usize) -> System {
    let setup = Setup {
        sessions: vec!["groom"],
        profile,
        ..Setup::for_days()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    for guest in 0..guests {
        system
            .on_the_list(&format!("Ospite {guest}"), &number(guest))
            .await;
        groom(&system).guest(&number(guest)).write("Ciao");
    }
    pass(TimeDelta::minutes(2)).await;
    for sql in [
        "UPDATE contact_session SET last_in_at = last_in_at - 172800000, answered_at = answered_at - 172800000",
        "UPDATE session_number SET first_connected_at = first_connected_at - 6912000000",
    ] {
        system.database.execute(sql).await.expect("older");
    }
    system
}

async fn ask(system: &System, method: Method, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = system.call(method, &format!("/api/v1{path}"), body).await;
    assert!(status.is_success(), "{path}: {status} {answer:#}");
    answer
}

async fn write(system: &System, guest: usize, lane: &str) -> String {
    let to = format!("+{}", number(guest));
    let body =
        json!({ "session": "groom", "to": to, "text": format!("{lane} {guest}"), "lane": lane });
    system.enqueue_with(body).await
}

/// The guest writes, and the couple answers.
async fn answer(system: &System, guest: usize) -> String {
    groom(system).guest(&number(guest)).write("Quando?");
    pass(TimeDelta::seconds(10)).await;
    write(system, guest, "reply").await
}

/// The next send is refused with error 463, and the time-lock is as it is said only then. No event tells of it.
async fn refuse_next(system: &System, time_lock: TimeLock, ends: DateTime<Utc>) {
    let waha = groom(system);
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    waha.misbehave(lost.always().of_event("session.status"));
    let gate = waha.gate(Step::SendBeforeAccept);
    waha.misbehave(Misbehaviour::Restricted);
    gate.reached().await;
    match time_lock {
        TimeLock::Active => waha.restrict(Some(ends)),
        TimeLock::Inactive => {}
        TimeLock::Unreadable => {
            waha.misbehave(Misbehaviour::RestrictionsUnreadable { status: 500 }.always());
        }
    }
    gate.release();
}

/// When each guest's phone showed the message, by guest.
fn shown(system: &System, lane: &str, guests: std::ops::Range<usize>) -> Vec<DateTime<Utc>> {
    guests
        .map(|guest| {
            let text = format!("{lane} {guest}");
            let phone = groom(system).phone(&number(guest));
            let times: Vec<_> = phone
                .iter()
                .filter(|one| one.text == text)
                .map(|one| one.at)
                .collect();
            assert_eq!(times.len(), 1, "{text}: {times:?}");
            times[0]
        })
        .collect()
}

async fn all_is_well(system: &System) {
    let stuck = system.store.stuck_messages(system.world.now()).await;
    assert_eq!(stuck.expect("the database"), []);
    let ends = "SELECT DISTINCT status AS value FROM whatsapp_message_queue";
    assert_eq!(system.database.texts(ends).await, [Some("sent".to_owned())]);
    let failed =
        "SELECT phase AS value FROM whatsapp_message_event WHERE phase IN ('failed', 'uncertain')";
    assert_eq!(system.database.texts(failed).await, []);
}

/// Guest 0 is refused first. News to the next guests and answers to others go on, or wait as long as the restriction holds them.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_463_holds_what_it_must_and_nothing_else(
    #[values(TimeLock::Active, TimeLock::Inactive, TimeLock::Unreadable)] time_lock: TimeLock,
    #[values("manual", "reply")] lane: &str,
) {
    let system = noon(Profile::Waha2026_10Gows, 1 + NEWS + ANSWERS).await;
    let start = system.world.now();
    let ends = start + TimeDelta::hours(30);
    let refused = if lane == "reply" {
        answer(&system, 0).await
    } else {
        write(&system, 0, lane).await
    };
    refuse_next(&system, time_lock, ends).await;
    pass(TimeDelta::minutes(2)).await;
    let row = system.message(&refused).await;
    assert_eq!(row["status"], "pending", "{row:#}");
    let reason = if time_lock == TimeLock::Inactive {
        "contact_refused"
    } else {
        "session_locked"
    };
    assert_eq!(row["wait"]["reason"], reason, "{row:#}");

    for guest in 1..=NEWS {
        write(&system, guest, "manual").await;
    }
    let mut asked = Vec::new();
    for guest in 1 + NEWS..1 + NEWS + ANSWERS {
        asked.push(system.world.now());
        answer(&system, guest).await;
        // not in the night
        let n = guest - NEWS;
        pass(TimeDelta::hours(if n.is_multiple_of(4) { 15 } else { 3 })).await;
    }
    pass(start + TWO_DAYS + TimeDelta::hours(8) - system.world.now()).await;

    let (first, last) = (1, 1 + NEWS + ANSWERS);
    let news = shown(&system, "manual", first..first + NEWS);
    let answers = shown(&system, "reply", first + NEWS..last);
    let late = shown(&system, lane, 0..1)[0];
    let free = match time_lock {
        TimeLock::Active => ends,
        TimeLock::Inactive => start,
        TimeLock::Unreadable => start + TimeDelta::hours(6),
    };
    assert!(news.iter().all(|at| *at > free), "{news:?} before {free}");
    assert!(
        news.iter().all(|at| *at < free + TimeDelta::hours(3)),
        "{news:?} long after {free}"
    );
    for (asked, at) in asked.iter().zip(&answers) {
        // A reply that WhatsApp refused holds all replies.
        let held = lane == "reply" && *asked < free;
        assert!(!held || *at > free, "answered at {at}");
        assert!(
            held || *at - *asked < TimeDelta::minutes(5),
            "asked at {asked}, answered at {at}"
        );
    }
    match time_lock {
        TimeLock::Inactive => assert!(late > start + TimeDelta::hours(24), "{late}"),
        _ => assert!(late > free, "{late}"),
    }
    assert!(late < free + TimeDelta::hours(27), "{late}");
    all_is_well(&system).await;
}

/// A person who unlocks frees the number, although WhatsApp still shows the time-lock; and the next refusal locks it for a day, longer than
/// WhatsApp names.
#[tokio::test(start_paused = true)]
async fn a_person_unlocks_although_the_time_lock_is_shown() {
    let system = noon(Profile::Waha2026_10Gows, 2).await;
    let ends = system.world.now() + TimeDelta::hours(20);
    groom(&system).restrict(Some(ends));
    pass(TimeDelta::minutes(2)).await;
    write(&system, 0, "manual").await;
    pass(TimeDelta::hours(1)).await;
    let shown_as = ask(&system, Method::GET, "/sessions/groom", None).await;
    let lock = &shown_as["lock"];
    assert_eq!(
        (&lock["replies"], &lock["reason"]),
        (&json!(false), &json!("account_restricted"))
    );
    assert_eq!(lock["until"], json!(ends), "{lock:#}");
    assert!(groom(&system).phone(&number(0)).is_empty());

    ask(&system, Method::POST, "/sessions/groom/unlock", None).await;
    pass(TimeDelta::minutes(30)).await;
    shown(&system, "manual", 0..1);
    let shown_as = ask(&system, Method::GET, "/sessions/groom", None).await;
    assert_eq!(shown_as["lock"], Value::Null, "{shown_as:#}");
    write(&system, 1, "manual").await;
    refuse_next(&system, TimeLock::Active, ends).await;
    pass(TimeDelta::minutes(2)).await;
    let row = system.store.session(&session("groom")).await;
    let lock = row.expect("the database").expect("the groom").lock;
    let day = system.world.now() + TimeDelta::hours(24);
    let Some(Lock::Until(until)) = lock else {
        panic!("{lock:?}");
    };
    assert!(
        (day - TimeDelta::minutes(3)..=day).contains(&until),
        "until {until}, not {day}"
    );
    pass(TimeDelta::hours(72)).await;
    shown(&system, "manual", 1..2);
    all_is_well(&system).await;
}

/// NOWEB learns of error 463 by a receipt: the message is refused after it was accepted. One reads the time-lock, two lock.
#[rstest]
#[case::active(true, 1, Some(false))]
#[case::inactive(false, 1, None)]
#[case::two(false, 2, Some(true))]
#[tokio::test(start_paused = true)]
async fn a_463_of_noweb_is_read_from_its_receipt(
    #[case] active: bool,
    #[case] contacts: usize,
    #[case] locked: Option<bool>,
) {
    let system = noon(Profile::Waha2026_10NoWeb, contacts + 1).await;
    for guest in 0..contacts {
        write(&system, guest, "manual").await;
        let time_lock = if active {
            TimeLock::Active
        } else {
            TimeLock::Inactive
        };
        refuse_next(
            &system,
            time_lock,
            system.world.now() + TimeDelta::hours(30),
        )
        .await;
    }
    pass(TimeDelta::minutes(5)).await;
    let row = system.store.session(&session("groom")).await;
    let row = row.expect("the database").expect("the groom");
    assert_eq!(row.lock.map(|_| row.lock_replies), locked);
    let reply = answer(&system, contacts).await;
    pass(TimeDelta::minutes(2)).await;
    let goes = locked != Some(true);
    assert_eq!(system.message(&reply).await["status"] == "sent", goes);
    let stuck = system.store.stuck_messages(system.world.now()).await;
    assert_eq!(stuck.expect("the database"), []);
}

/// The most that left within one hour, and how many until `end`.
fn measured(system: &System, end: DateTime<Utc>) -> (usize, usize) {
    let mut times: Vec<_> = groom(system)
        .all_deliveries()
        .iter()
        .map(|one| one.at)
        .collect();
    times.retain(|at| *at < end);
    times.sort_unstable();
    let hour = |from: &DateTime<Utc>| {
        times
            .iter()
            .filter(|at| (*from..*from + TimeDelta::hours(1)).contains(at))
            .count()
    };
    (
        times.iter().map(hour).max().unwrap_or_default(),
        times.len(),
    )
}

/// Two warnings halve what goes automatically until WhatsApp's count starts anew, a cap holds announcements as long; zeros do nothing.
#[rstest]
#[case::none("NONE", 250, 26, 10, 60, "day_limit")]
#[case::first("FIRST_WARNING", 250, 26, 5, 30, "capping_warning")]
#[case::second("SECOND_WARNING", 250, 26, 5, 30, "capping_warning")]
#[case::capped("CAPPED", 250, 26, 0, 0, "announcements_capped")]
#[case::zeros("CAPPED", 0, 0, 10, 60, "day_limit")]
#[case::not_eligible("NOT_ELIGIBLE", 0, 0, 10, 60, "day_limit")]
#[tokio::test(start_paused = true)]
async fn a_capping_slows_or_holds_until_its_cycle_ends(
    #[case] status: &str,
    #[case] quota: i64,
    #[case] hours: i64,
    #[case] per_hour: usize,
    #[case] first_day: usize,
    #[case] reason: &str,
) {
    const GUESTS: usize = 70;
    let system = noon(Profile::Waha2026_10Gows, GUESTS + 1).await;
    let start = system.world.now();
    let ends = start + TimeDelta::hours(hours);
    let cycle_end = if hours == 0 { 1 } else { ends.timestamp() };
    groom(&system).cap(status, quota, cycle_end);
    pass(TimeDelta::seconds(30)).await;
    let draft =
        json!({ "title": "Dove dormire", "template": "Ciao {first_name}", "session": "groom" });
    let draft = ask(&system, Method::POST, "/broadcasts", Some(draft)).await;
    let draft = format!("/broadcasts/{}", draft["id"].as_str().expect("an id"));
    ask(&system, Method::POST, &format!("{draft}/start"), None).await;
    let forecast = ask(&system, Method::GET, "/sessions/groom/outlook", None).await;
    let by: DateTime<Utc> = forecast["everybody_by"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");

    // the services start again in between, and forget nothing
    let mut system = system;
    pass(TimeDelta::hours(1)).await;
    system.stop_worker().await;
    system.start_worker();
    pass(TimeDelta::hours(8)).await;
    let (most, count) = measured(&system, start + TimeDelta::hours(24));
    assert!(
        most <= per_hour && (per_hour == 0 || most > per_hour / 2),
        "{most} in an hour"
    );
    assert_eq!(count, first_day, "on the first day");
    let waiting = ask(
        &system,
        Method::GET,
        "/messages?status=pending&limit=1",
        None,
    )
    .await;
    let id = waiting["items"][0]["id"]
        .as_str()
        .expect("one waits")
        .to_owned();
    let waiting = system.message(&id).await;
    assert_eq!(waiting["wait"]["reason"], reason, "{waiting:#}");
    // an answer goes, whatever the capping
    let reply = answer(&system, 0).await;
    pass(TimeDelta::minutes(5)).await;
    assert_eq!(system.message(&reply).await["status"], "sent");

    pass(start + TimeDelta::hours(26) - system.world.now()).await;
    if per_hour == 0 {
        assert_eq!(measured(&system, ends).1, 1, "the answer only");
    }
    pass(TWO_DAYS).await;
    let last = groom(&system)
        .all_deliveries()
        .iter()
        .map(|one| one.at)
        .max()
        .expect("the last");
    assert_eq!(groom(&system).all_deliveries().len(), GUESTS + 2);
    assert!(last <= by, "the last at {last}, promised by {by}");
    all_is_well(&system).await;
}
