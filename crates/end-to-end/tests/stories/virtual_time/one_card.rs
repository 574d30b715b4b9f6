//! One printed card for a family of two: two phones come in by its code, each is called by its own name, and a third is a to-do.

use std::time::Duration;

use chassis::Dice;
use http::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use storage::testing::TestDatabase;

use super::{
    setup::Setup,
    system::{System, session},
};

const ANNA: &str = "393470000001";
const MARCO: &str = "393470000002";
const FRIEND: &str = "393470000003";

async fn ask(system: &System, method: Method, path: &str, body: Option<Value>) -> Value {
    let (status, answer) = system.call(method, &format!("/api/v1{path}"), body).await;
    assert!(status.is_success(), "{path}: {status} {answer:#}");
    answer
}

fn texts(system: &System, number: &str) -> Vec<String> {
    let phone = system.waha("groom").phone(number).into_iter();
    phone.map(|shown| shown.text).collect()
}

/// Whom the groom is shown as unknown.
async fn unknown(system: &System) -> Vec<Value> {
    let scopes = queue_api::parse_scopes("read").expect("known scopes");
    let (now, dice, groom) = (system.clock.now(), Dice::from_os(), session("groom"));
    let token = queue_api::create_token(&system.store, "g", &scopes, Some(&groom), now, &dice);
    let token = token.await.expect("a token");
    let path = "/api/v1/sessions/groom/unknown-writers";
    let (status, page) = system
        .call_as(token.expose_secret(), Method::GET, path, None)
        .await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().expect("a page").clone()
}

/// An announcement to all guests, and an hour for it.
async fn announce(system: &System) {
    let draft = json!({
        "title": "Orario",
        "template": "Ciao {first_name}, alle undici!",
        "session": "groom",
        "not_after": system.clock.now() + Duration::from_hours(5 * 24),
    });
    let draft = ask(system, Method::POST, "/broadcasts", Some(draft)).await;
    let start = format!("/broadcasts/{}/start", draft["id"].as_str().expect("an id"));
    ask(system, Method::POST, &start, None).await;
    tokio::time::sleep(Duration::from_hours(1)).await;
}

async fn scenario(database: TestDatabase) {
    let system = System::start(database, Setup::default()).await;
    let mut guests = Vec::new();
    for name in ["Anna Rossi", "Marco Rossi"] {
        let body = json!({ "name": name, "household": "Rossi" });
        guests.push(ask(&system, Method::POST, "/guests", Some(body)).await);
    }
    let household = guests[0]["household_id"].as_str();
    let household = household.expect("a household").to_owned();
    let code = system
        .database
        .texts("SELECT token AS value FROM invitation")
        .await;
    let words = format!("Ciao! {}", code[0].clone().expect("a code"));
    let waha = system.waha("groom");
    waha.guest(ANNA).write(&words);
    tokio::time::sleep(Duration::from_secs(5)).await;
    // nothing tells whose this phone is: it is nobody's until a person says so
    let asked = ask(&system, Method::GET, "/unassigned-phones", None).await;
    let first = asked[0]["contact"].as_str().expect("a phone").to_owned();
    let path = format!("/households/{household}/phones/{first}/assign");
    let owner = json!({ "guest": guests[0]["id"] });
    ask(&system, Method::POST, &path, Some(owner)).await;
    // the name that it shows tells whose the second is
    waha.guest(MARCO).named("Marco R.").write(&words);
    tokio::time::sleep(Duration::from_secs(5)).await;
    waha.guest(FRIEND).named("Un amico").write(&words);
    tokio::time::sleep(Duration::from_secs(5)).await;

    let asked = ask(&system, Method::GET, "/unassigned-phones", None).await;
    assert_eq!(asked, json!([]));
    let people = ask(
        &system,
        Method::GET,
        &format!("/households/{household}"),
        None,
    )
    .await;
    assert_eq!(
        people["contacts"].as_array().map(Vec::len),
        Some(2),
        "{people:#}"
    );
    assert_eq!(people["free_seats"], 0);
    let third = unknown(&system).await;
    assert_eq!(third.len(), 1, "{third:#?}");
    assert_eq!(third[0]["name"], "Un amico");
    assert_eq!(third[0]["suggested_household"]["name"], "Rossi");

    announce(&system).await;
    assert_eq!(texts(&system, ANNA), ["Ciao Anna, alle undici!"]);
    assert_eq!(texts(&system, MARCO), ["Ciao Marco, alle undici!"]);
    assert_eq!(texts(&system, FRIEND), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn two_phones_are_two_people_and_the_third_is_a_to_do_on_sqlite() {
    scenario(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn two_phones_are_two_people_and_the_third_is_a_to_do_on_postgres() {
    scenario(TestDatabase::postgres().await).await;
}
