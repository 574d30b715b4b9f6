//! The password again, before what could let another person in; never before stopping, answering or linking a phone.

use std::time::Duration;

use http::StatusCode;
use rstest::rstest;

use super::browser::{Browser, goes_to};
use super::every_page::address;
use super::second_factor::set_up;
use super::signing_in::{PASSWORD, first_account};
use crate::world::{On, World};

const ASKS: &str = "name=\"confirm_password\"";

/// The whole list: a route that is added to the page is decided about here. Two forms have a password of their own and ask for it each time:
/// `/you/password` and `/you/second-factor/off`.
const CONFIRMED: [&str; 9] = [
    "/people/invite",
    "/people/{id}/password",
    "/people/{id}/remove",
    "/people/{id}/texts",
    "/settings/tokens",
    "/settings/tokens/{id}/revoke",
    "/you/second-factor",
    "/you/second-factor/confirm",
    "/you/sign-out",
];

#[tokio::test(start_paused = true)]
async fn these_forms_need_the_password_again_and_no_others() {
    let world = World::sqlite().await;
    let confirmed = world.pages.iter().filter(|route| route.confirmed);
    let mut paths: Vec<_> = confirmed.map(|route| route.path).collect();
    paths.sort_unstable();
    assert_eq!(paths, CONFIRMED);
    let mut groom = Browser::of_groom(&world).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    let mut you = groom.get(&world, "/you").await;
    let forms = world.pages.iter().filter(|route| route.method == "POST");
    for route in forms.filter(|route| route.path != "/sign-out") {
        let answer = groom.post(&world, &you, &address(route), &[]).await;
        let asks = answer.text().contains(ASKS);
        assert_eq!(asks, CONFIRMED.contains(&route.path), "{}", route.path);
        if route.path == "/you/sign-out-everywhere" {
            groom = Browser::signed_in(
                &world,
                "Giulia",
                domain::account::Person::Spouse("bride".parse().unwrap()),
                domain::config::Language::Italian,
            )
            .await;
            tokio::time::advance(Duration::from_mins(10)).await;
            you = groom.get(&world, "/you").await;
        }
    }
    for told in ["account_factor", "account_link"] {
        assert_eq!(world.count(told).await, 0, "{told}");
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_password_is_asked_after_ten_minutes_and_nothing_is_lost(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let page = browser.get(&world, "/settings/tokens").await;
    let path = "/settings/tokens";
    let fields = [("name", "<b>\"sito\""), ("read", "yes"), ("enqueue", "yes")];
    let made = async |browser: &mut Browser| {
        let answer = browser.post(&world, &page, path, &fields).await;
        answer.text().contains("id=\"fresh-secret\"")
    };
    tokio::time::advance(Duration::from_secs(599)).await;
    assert!(made(&mut browser).await, "signing in gave the password");
    tokio::time::advance(Duration::from_secs(1)).await;

    let asked = browser.post(&world, &page, path, &fields).await;

    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text().contains(ASKS), "{}", asked.text());
    let kept = "name=\"name\" value=\"&#60;b&#62;&#34;sito&#34;\"";
    assert!(asked.text().contains(kept), "{}", asked.text());
    assert_eq!(
        asked.text().matches("name=\"csrf\"").count(),
        2,
        "its own, and that of signing out"
    );
    let tokens = world.store.tokens().await.unwrap().len();
    let with = |password: &'static str| {
        let mut all = fields.to_vec();
        all.push(("confirm_password", password));
        all
    };
    let wrong = browser
        .post(&world, &asked, path, &with("un tentativo"))
        .await;
    assert!(wrong.text().contains("role=\"alert\"") && wrong.text().contains(kept));
    assert!(!wrong.text().contains("un tentativo"));
    assert_eq!(world.store.tokens().await.unwrap().len(), tokens);
    let done = browser.post(&world, &wrong, path, &with(PASSWORD)).await;
    assert!(
        done.text().contains("id=\"fresh-secret\""),
        "{}",
        done.text()
    );
    let token = world.store.tokens().await.unwrap();
    assert!(
        token
            .iter()
            .any(|token| token.scopes == ["read", "enqueue"])
    );
    assert!(made(&mut browser).await, "for ten minutes");
}

/// Another browser of the same account is not confirmed with this one.
#[tokio::test(start_paused = true)]
async fn each_browser_is_confirmed_by_itself() {
    let world = World::sqlite().await;
    let mut stolen = Browser::new("it");
    first_account(&world, &mut stolen).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    let mut phone = Browser::new("it");
    let form = phone.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    assert_eq!(
        goes_to(&phone.post(&world, &form, "/sign-in", &fields).await),
        "/"
    );
    let page = stolen.get(&world, "/people").await;
    let invite = [("who", "bride")];
    let asked = stolen.post(&world, &page, "/people/invite", &invite).await;
    assert!(asked.text().contains(ASKS));
    let mut answers = Vec::new();
    for from in 0..11 {
        stolen = stolen.at(&format!("203.0.113.{from}"));
        let guess = [("who", "bride"), ("confirm_password", "un tentativo")];
        answers.push(
            stolen
                .post(&world, &page, "/people/invite", &guess)
                .await
                .status,
        );
    }
    assert_eq!(answers[0], StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answers[10], StatusCode::TOO_MANY_REQUESTS, "wherever it is");
    let stop = stolen.post(&world, &page, "/stop", &[]).await;
    assert!(goes_to(&stop).starts_with("/stopped"), "always");
    assert_eq!(world.count("account_link").await, 0);
}

#[tokio::test(start_paused = true)]
async fn with_a_second_factor_the_code_is_asked_too() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    let (phone, _) = set_up(&world, &mut browser).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    let page = browser.get(&world, "/people").await;
    let path = "/people/invite";
    let asked = browser.post(&world, &page, path, &[("who", "bride")]).await;
    assert!(asked.text().contains("name=\"confirm_code\""));
    let without = [("who", "bride"), ("confirm_password", PASSWORD)];
    let refused = browser.post(&world, &asked, path, &without).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.count("account_link").await, 0);
    let code = phone.next_code(&world).await;
    let with = [without[0], without[1], ("confirm_code", code.as_str())];
    let done = browser.post(&world, &refused, path, &with).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(world.count("account_link").await, 1);
}
