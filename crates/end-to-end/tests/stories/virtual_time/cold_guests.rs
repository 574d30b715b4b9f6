//! An announcement to 150 guests who wrote 70 days ago, of whom ten a day are written to. The forecast names the day on which the
//! last of them gets it, and who would not get it before the wedding; virtual time agrees.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Rome;
use http::Method;
use serde_json::{Value, json};
use storage::testing::TestDatabase;

use super::{setup::Setup, system::System};

const GUESTS: usize = 150;

fn number(guest: usize) -> String {
    format!("39347{guest:07}")
}

async fn ask(system: &System, method: Method, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = system.call(method, &format!("/api/v1{path}"), body).await;
    assert!(status.is_success(), "{path}: {status} {answer:#}");
    answer
}

/// All of them wrote 70 days ago, to a number that is 80 days old.
async fn guests(system: &System) {
    for guest in 0..GUESTS {
        let name = format!("Ospite {guest}");
        system.on_the_list(&name, &number(guest)).await;
        system.waha("groom").guest(&number(guest)).write("Ciao");
    }
    tokio::time::sleep(Duration::from_mins(5)).await;
    for sql in [
        "UPDATE contact_session SET last_in_at = last_in_at - 6048000000, answered_at = last_in_at - 6048000000",
        "UPDATE session_number SET first_connected_at = first_connected_at - 6912000000",
    ] {
        system.database.execute(sql).await.expect("older");
    }
}

async fn marry(system: &System, day: &str) {
    let config = ask(system, Method::GET, "/config", None).await;
    let mut new = json!({ "version": config["version"], "config": config["config"] });
    new["config"]["wedding_date"] = json!(day);
    ask(system, Method::PUT, "/config", Some(new)).await;
}

/// The draft's address.
async fn draft(system: &System) -> String {
    let draft =
        json!({ "title": "Dove dormire", "template": "Ciao {first_name}", "session": "groom" });
    let draft = ask(system, Method::POST, "/broadcasts", Some(draft)).await;
    format!("/broadcasts/{}", draft["id"].as_str().expect("an id"))
}

async fn forecast(system: &System, draft: &str) -> Value {
    let path = format!("{draft}/forecast");
    let sessions = ask(system, Method::GET, &path, None).await;
    assert_eq!(sessions.as_array().expect("sessions").len(), 1);
    sessions[0].clone()
}

fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Rome).date_naive()
}

#[tokio::test(start_paused = true)]
async fn the_day_of_the_last_is_named_to_the_day() {
    let system = System::start(TestDatabase::sqlite().await, Setup::for_days()).await;
    guests(&system).await;
    marry(&system, "2026-06-30").await;
    let draft = draft(&system).await;

    let forecast = forecast(&system, &draft).await;
    assert_eq!(
        (&forecast["cold"], &forecast["missed"]),
        (&json!(GUESTS), &json!([]))
    );
    let last = forecast["cold_last_at"].as_str().expect("a time");
    let promised = day(last.parse().expect("a time"));
    assert_eq!(promised.to_string(), "2026-06-24", "ten a day");

    ask(&system, Method::POST, &format!("{draft}/start"), None).await;
    let groom = system.waha("groom");
    let mut changes = groom.changes();
    while groom.all_deliveries().len() < GUESTS {
        changes.changed().await.expect("the simulator lives");
    }
    let deliveries = groom.all_deliveries();
    let last = deliveries.iter().map(|one| one.at).max().expect("the last");
    assert_eq!(day(last), promised);
    let mut days = BTreeMap::<_, usize>::new();
    for one in &deliveries {
        *days.entry(day(one.at)).or_default() += 1;
    }
    assert!(days.values().all(|count| *count <= 10), "{days:?}");
}

#[tokio::test(start_paused = true)]
async fn who_would_not_get_it_before_the_wedding_is_named() {
    let system = System::start(TestDatabase::sqlite().await, Setup::for_days()).await;
    guests(&system).await;
    marry(&system, "2026-06-20").await;
    let draft = draft(&system).await;

    let told = forecast(&system, &draft).await;
    let expected = told["expected"].as_array().expect("copies").len();
    let missed = told["missed"].as_array().expect("copies");
    assert_eq!((expected, missed.len()), (110, 40), "eleven days");
    for copy in missed {
        assert_eq!(
            (&copy["cold"], &copy["why"]),
            (&json!(true), &json!("not_after"))
        );
        let name = copy["guests"][0].as_str().expect("a name");
        assert!(name.starts_with("Ospite "), "{name}");
    }
    // a later end helps only until the wedding is over
    let later = json!({ "not_after": "2026-07-31T20:00:00Z" });
    ask(&system, Method::PATCH, &draft, Some(later)).await;
    let told = forecast(&system, &draft).await;
    let missed = told["missed"].as_array().expect("copies");
    assert_eq!(missed.len(), 40);
    assert!(missed.iter().all(|copy| copy["why"] == "after_wedding"));

    let cold = ask(&system, Method::GET, "/guests/going-cold", None).await;
    assert_eq!(cold["guests"].as_array().expect("guests").len(), GUESTS);
    // a guest who writes is no longer cold
    let name = missed[0]["guests"][0].as_str().expect("a name");
    let guest = name
        .trim_start_matches("Ospite ")
        .parse()
        .expect("a number");
    system
        .waha("groom")
        .guest(&number(guest))
        .write("Ciao di nuovo");
    tokio::time::sleep(Duration::from_mins(1)).await;
    let told = forecast(&system, &draft).await;
    assert_eq!(told["missed"].as_array().expect("copies").len(), 39);
    let cold = ask(&system, Method::GET, "/guests/going-cold", None).await;
    assert_eq!(cold["guests"].as_array().expect("guests").len(), GUESTS - 1);
}
