//! Coming in and going out.

use std::time::Duration;

use chassis::Dice;
use http::{StatusCode, header};
use rstest::rstest;

use super::browser::{Browser, csrf, goes_to};
use crate::world::{On, World, test_config};

pub(super) const PASSWORD: &str = "tre parole lunghe";

async fn code(world: &World) -> String {
    let dice = Dice::from_os();
    let made = queue_api::new_first_code(&world.store, world.clock.now(), &dice);
    made.await.unwrap().expect("nobody has an account")
}

pub(super) async fn first_account(world: &World, browser: &mut Browser) {
    let code = code(world).await;
    let form = browser.get(world, "/first").await;
    let fields = [
        ("code", code.as_str()),
        ("session", "groom"),
        ("name", "Marco"),
        ("password", PASSWORD),
        ("language", "it"),
    ];
    let made = browser.post(world, &form, "/first", &fields).await;
    assert_eq!(goes_to(&made), "/");
}

#[rstest]
#[case(On::Sqlite)]
#[case(On::Postgres)]
#[tokio::test]
async fn the_first_account_then_out_and_in_again(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::new("it");
    assert_eq!(
        goes_to(&browser.get(&world, "/").await),
        "/sign-in?next=%2F"
    );
    assert_eq!(goes_to(&browser.get(&world, "/sign-in").await), "/first");

    first_account(&world, &mut browser).await;
    let before = browser.cookie();
    let home = browser.get(&world, "/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text().contains("Marco"), "{}", home.text());
    assert_eq!(goes_to(&browser.get(&world, "/first").await), "/sign-in");

    let out = browser.post(&world, &home, "/sign-out", &[]).await;
    assert_eq!(goes_to(&out), "/sign-in");
    assert_ne!(browser.cookie(), before);
    let form = browser.get(&world, "/sign-in?next=%2Fyou").await;
    let wrong = [
        ("name", "marco"),
        ("password", "tre parole corte"),
        ("next", "/you"),
    ];
    let refused = browser.post(&world, &form, "/sign-in", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("role=\"alert\""));
    let right = [("name", "marco"), ("password", PASSWORD), ("next", "/you")];
    let entered = browser.post(&world, &refused, "/sign-in", &right).await;
    assert_eq!(goes_to(&entered), "/you");
    assert_eq!(browser.get(&world, "/you").await.status, StatusCode::OK);
    let audited = world.store.audit(None, 50).await.unwrap().items;
    for action in ["account.add", "account.sign_in", "account.sign_in_failed"] {
        assert!(audited.iter().any(|row| row.action == action), "{action}");
    }
}

#[tokio::test]
async fn a_wrong_or_old_code_makes_nobody() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("en");
    let old = code(&world).await;
    let new = code(&world).await;
    let form = browser.get(&world, "/first").await;
    for wrong in [old.as_str(), "K7M-Q4XR-P2W9", "", "x"] {
        let fields = [
            ("code", wrong),
            ("session", "groom"),
            ("name", "Eve"),
            // which is not even looked at
            ("password", "short"),
        ];
        let refused = browser.post(&world, &form, "/first", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(
            refused.text().contains("The code is wrong"),
            "{}",
            refused.text()
        );
    }
    let short = [
        ("code", new.as_str()),
        ("session", "groom"),
        ("name", "Marco"),
        ("password", "short"),
    ];
    let refused = browser.post(&world, &form, "/first", &short).await;
    assert!(refused.text().contains("too short or too long"));
    assert!(!world.store.has_accounts().await.unwrap());
}

#[tokio::test]
async fn whoever_tries_again_and_again_has_to_wait() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it");
    first_account(&world, &mut owner).await;
    let mut thief = Browser::new("en");
    let form = thief.get(&world, "/sign-in").await;
    let mut answers = Vec::new();
    for guess in 0..12 {
        let guess = format!("a guess, number {guess}");
        let fields = [("name", "Marco"), ("password", guess.as_str())];
        answers.push(thief.post(&world, &form, "/sign-in", &fields).await);
    }
    let waits = answers.last().unwrap();
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waits.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(answers[0].status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_secret_that_somebody_planted_is_nobodys_after_signing_in() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it");
    first_account(&world, &mut owner).await;
    let mut victim = Browser::new("it");
    let form = victim.get(&world, "/sign-in").await;
    let planted = victim.clone();
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    let entered = victim.post(&world, &form, "/sign-in", &fields).await;
    assert_eq!(goes_to(&entered), "/");
    let mut thief = planted;
    assert_eq!(
        goes_to(&thief.get(&world, "/you").await),
        "/sign-in?next=%2Fyou"
    );
}

#[tokio::test]
async fn a_new_password_ends_every_browser() {
    let world = World::sqlite().await;
    let mut phone = Browser::new("it");
    first_account(&world, &mut phone).await;
    let you = phone.get(&world, "/you").await;
    let wrong = [
        ("current", "non è questa!"),
        ("password", "quattro parole nuove"),
    ];
    let refused = phone.post(&world, &you, "/you/password", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("current", PASSWORD), ("password", "quattro parole nuove")];
    let changed = phone.post(&world, &you, "/you/password", &right).await;
    assert_eq!(goes_to(&changed), "/sign-in?said=password");
    assert_eq!(goes_to(&phone.get(&world, "/").await), "/sign-in?next=%2F");
    let form = phone.get(&world, "/sign-in?said=password").await;
    assert!(form.text().contains("La nuova password è salvata"));
    let fields = [("name", "Marco"), ("password", "quattro parole nuove")];
    assert_eq!(
        goes_to(&phone.post(&world, &form, "/sign-in", &fields).await),
        "/"
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_full_of_markup_is_shown_as_text() {
    let world = World::sqlite().await;
    let name = "<script>alert(1)</script>\u{202e}🎉\" onload=x";
    let person = domain::account::Person::Spouse(crate::world::groom());
    let mut browser =
        Browser::signed_in(&world, name, person, domain::config::Language::English).await;
    let page = browser.get(&world, "/you").await;
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    let escaped = "&#60;script&#62;alert(1)&#60;/script&#62;\u{202e}🎉";
    assert!(page.text().contains(escaped), "{}", page.text());
    assert!(!page.text().contains("\" onload"));
    assert!(!csrf(&page).is_empty());
}

/// Nobody's body is kept in memory for long before it is known whose it is.
#[tokio::test(start_paused = true)]
async fn a_stranger_s_form_is_short() {
    let world = World::sqlite().await;
    Browser::of_groom(&world).await;
    let mut browser = Browser::new("en");
    let form = browser.get(&world, "/sign-in").await;
    let long = "x".repeat(20_000);
    let fields = [("name", "Marco"), ("password", long.as_str())];

    let refused = browser.post(&world, &form, "/sign-in", &fields).await;

    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// Somebody with many addresses keeps nobody out who has been here before, and guesses no faster for that.
#[tokio::test]
async fn guesses_at_one_account_are_few_wherever_they_come_from() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it").at("198.51.100.1");
    first_account(&world, &mut owner).await;
    let home = owner.get(&world, "/").await;
    owner.post(&world, &home, "/sign-out", &[]).await;
    let guess = async |from: u8, name: &'static str, password: &str| {
        let mut thief = Browser::new("it").at(&format!("203.0.113.{from}"));
        let form = thief.get(&world, "/sign-in").await;
        let fields = [("name", name), ("password", password)];
        thief.post(&world, &form, "/sign-in", &fields).await
    };
    for from in 0..10 {
        let answer = guess(from, "Marco", "un tentativo").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{from}");
    }

    let refused = guess(10, "marco ", PASSWORD).await;
    let other = guess(11, "Giulia", "un tentativo").await;
    let form = owner.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    let entered = owner.post(&world, &form, "/sign-in", &fields).await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert!(
        refused.text().contains("Troppi tentativi"),
        "{}",
        refused.text()
    );
    assert_eq!(
        other.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "another name"
    );
    assert_eq!(goes_to(&entered), "/", "a browser of the owner's");
}

/// Whoever has taken a phone is no longer known by it.
#[tokio::test]
async fn a_browser_is_forgotten_with_a_new_password() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it");
    first_account(&world, &mut owner).await;
    assert_eq!(world.count("known_browser").await, 1);
    let you = owner.get(&world, "/you").await;
    let fields = [
        ("current", PASSWORD),
        ("password", "altre quattro parole qui"),
    ];
    let changed = owner.post(&world, &you, "/you/password", &fields).await;
    assert_eq!(goes_to(&changed), "/sign-in?said=password");
    assert_eq!(world.count("known_browser").await, 0);
}

#[rstest]
#[case::another_site(Some("https://evil.example"), StatusCode::FORBIDDEN)]
#[case::another_port(Some("http://localhost:81"), StatusCode::FORBIDDEN)]
#[case::hidden(Some("null"), StatusCode::FORBIDDEN)]
#[case::this_site(Some("http://localhost:8080"), StatusCode::SEE_OTHER)]
#[case::an_old_browser(None, StatusCode::SEE_OTHER)]
#[tokio::test]
async fn a_form_comes_from_a_page_of_this_site(
    #[case] origin: Option<&'static str>,
    #[case] status: StatusCode,
) {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it");
    first_account(&world, &mut owner).await;
    let mut browser = Browser::new("it");
    let form = browser.get(&world, "/sign-in").await;
    browser.says("host", "localhost:8080");
    if let Some(origin) = origin {
        browser.says("origin", origin);
    }
    let fields = [("name", "Marco"), ("password", PASSWORD)];

    let answer = browser.post(&world, &form, "/sign-in", &fields).await;

    assert_eq!(answer.status, status, "{}", answer.text());
}

/// A name that nobody has costs as much as a wrong password.
#[tokio::test]
async fn a_try_is_written_down_whoever_is_meant() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it");
    first_account(&world, &mut owner).await;
    let mut browser = Browser::new("it");
    let form = browser.get(&world, "/sign-in").await;
    for name in ["Marco", "Nessuno"] {
        let fields = [("name", name), ("password", "un tentativo")];
        browser.post(&world, &form, "/sign-in", &fields).await;
    }
    let failed = "audit_log WHERE action = 'account.sign_in_failed'";
    assert_eq!(world.count(failed).await, 2);
    let named = "audit_log WHERE detail LIKE '%Nessuno%' OR subject LIKE '%Nessuno%'";
    assert_eq!(world.count(named).await, 0, "it may be a password");
}

#[tokio::test(start_paused = true)]
async fn over_https_the_cookie_is_this_host_s_alone() {
    let mut config = test_config();
    config.trusted_proxies = "127.0.0.1".parse().unwrap();
    let world = World::configured(On::Sqlite, config).await;
    Browser::of_groom(&world).await;
    let mut browser = Browser::new("it").at("127.0.0.1");
    browser.says("x-forwarded-proto", "https");

    let page = browser.get(&world, "/sign-in").await;

    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-wedding_queue="), "{cookie}");
    assert!(
        cookie.contains("; Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    let lasting = page.headers[header::STRICT_TRANSPORT_SECURITY].to_str();
    assert_eq!(lasting.unwrap(), "max-age=31536000; includeSubDomains");
    for address in ["/healthz", "/api/v1/messages"] {
        let answer = browser.get(&world, address).await;
        assert!(answer.headers.contains_key("strict-transport-security"));
    }
    // a form of that browser is its own: the cookie is found again
    let fields = [("name", "Marco"), ("password", "un tentativo")];
    let answer = browser.post(&world, &page, "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Nothing is cut off or changed before the comparison.
#[tokio::test]
async fn a_password_is_compared_as_it_was_typed() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let long = "  Perché no? Più di sessantaquattro lettere, con spazi prima e dopo 🎉  ";
    assert!(long.chars().count() > 64);
    let you = browser.get(&world, "/you").await;
    let fields = [("current", PASSWORD), ("password", long)];
    let changed = browser.post(&world, &you, "/you/password", &fields).await;
    assert_eq!(goes_to(&changed), "/sign-in?said=password");
    let form = browser.get(&world, "/sign-in").await;
    let small = long.to_lowercase();
    let cut: String = long.chars().take(64).collect();
    for other in [long.trim(), small.as_str(), cut.as_str()] {
        let fields = [("name", "Marco"), ("password", other)];
        let refused = browser.post(&world, &form, "/sign-in", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
    }
    let fields = [("name", "Marco"), ("password", long)];
    let entered = browser.post(&world, &form, "/sign-in", &fields).await;
    assert_eq!(goes_to(&entered), "/");
}

/// The browser is signed out in the meantime, but the password does not expire.
#[tokio::test(start_paused = true)]
async fn a_password_is_right_after_a_year() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    tokio::time::advance(Duration::from_hours(400 * 24)).await;
    assert_eq!(
        goes_to(&browser.get(&world, "/").await),
        "/sign-in?next=%2F"
    );
    let form = browser.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    let entered = browser.post(&world, &form, "/sign-in", &fields).await;
    assert_eq!(goes_to(&entered), "/");
}
