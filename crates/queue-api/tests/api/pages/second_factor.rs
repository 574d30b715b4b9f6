//! The second factor: set up, used, lost, turned off.

use std::time::Duration;

use http::{StatusCode, header};
use rstest::rstest;
use storage::Actor;
use totp_rs::{Builder, Secret};

use super::browser::{Browser, goes_to};
use super::signing_in::{PASSWORD, first_account};
use crate::visits::Page;
use crate::world::{On, World};

const STEP: Duration = Duration::from_secs(30);

/// An authenticator app, with the key that the page shows.
pub(super) struct Phone(String);

impl Phone {
    fn scans(page: &Page) -> Self {
        let (_, rest) = page.text().split_once("id=\"factor-key\">").unwrap();
        Self(rest.split('<').next().unwrap().replace(' ', ""))
    }

    /// The code of the present step, or of one so many steps away.
    fn code(&self, world: &World, steps: i64) -> String {
        let secret = Secret::try_from_base32(&self.0).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let seconds = world.clock.now().timestamp() + 30 * steps;
        totp.generate(seconds.try_into().unwrap()).to_string()
    }

    /// The next code: those before are used.
    pub(super) async fn next_code(&self, world: &World) -> String {
        tokio::time::advance(STEP).await;
        self.code(world, 0)
    }
}

/// Makes the groom's account and its second factor; his phone, and the recovery codes.
pub(super) async fn set_up(world: &World, browser: &mut Browser) -> (Phone, Vec<String>) {
    first_account(world, browser).await;
    let you = browser.get(world, "/you").await;
    let shown = browser.post(world, &you, "/you/second-factor", &[]).await;
    let phone = Phone::scans(&shown);
    let code = phone.code(world, 0);
    let path = "/you/second-factor/confirm";
    let done = browser
        .post(world, &shown, path, &[("code", code.as_str())])
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let codes = done.text().split("<li><code>").skip(1);
    let codes = codes.map(|rest| rest.split('<').next().unwrap().to_owned());
    (phone, codes.collect())
}

async fn signs_out(world: &World, browser: &mut Browser) {
    let you = browser.get(world, "/you").await;
    browser.post(world, &you, "/sign-out", &[]).await;
}

/// Gives the password; the page that asks for the code.
async fn gives_password(world: &World, browser: &mut Browser, next: &str) -> Page {
    let form = browser.get(world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD), ("next", next)];
    let asked = browser.post(world, &form, "/sign-in", &fields).await;
    assert!(goes_to(&asked).starts_with("/sign-in/code?next="));
    let page = browser.get(world, goes_to(&asked)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page
}

async fn gives_code(world: &World, browser: &mut Browser, on: &Page, code: &str) -> Page {
    let fields = [("code", code), ("next", "/queue")];
    browser.post(world, on, "/sign-in/code", &fields).await
}

async fn actions(world: &World) -> Vec<String> {
    let audited = world.store.audit(None, 50).await.unwrap().items;
    audited.into_iter().map(|row| row.action).collect()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn signing_in_asks_for_a_code_and_takes_each_once(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::new("it");
    let (phone, codes) = set_up(&world, &mut browser).await;
    assert_eq!(codes.len(), 10);
    assert!(
        actions(&world)
            .await
            .contains(&"account.second_factor_on".to_owned())
    );
    signs_out(&world, &mut browser).await;

    let asked = gives_password(&world, &mut browser, "/queue").await;
    assert!(goes_to(&browser.get(&world, "/you").await).starts_with("/sign-in"));
    let used = phone.code(&world, 0);
    let again = gives_code(&world, &mut browser, &asked, &used).await;
    assert_eq!(
        again.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "used at set-up"
    );
    let two_late = phone.code(&world, -2);
    let late = gives_code(&world, &mut browser, &again, &two_late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = phone.next_code(&world).await;
    let entered = gives_code(&world, &mut browser, &late, &code).await;
    assert_eq!(goes_to(&entered), "/queue");
    assert_eq!(browser.get(&world, "/you").await.status, StatusCode::OK);

    let mut other = Browser::new("it");
    let asked = gives_password(&world, &mut other, "/").await;
    let replayed = gives_code(&world, &mut other, &asked, &code).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let early = phone.code(&world, 1);
    let entered = gives_code(&world, &mut other, &replayed, &early).await;
    assert_eq!(
        goes_to(&entered),
        "/queue",
        "a clock that is half a minute ahead"
    );
    let failed = actions(&world).await;
    let failed = failed.iter().filter(|one| *one == "account.sign_in_failed");
    assert_eq!(failed.count(), 3);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_recovery_code_works_once_and_the_page_says_how_many_are_left(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::new("en");
    let (_, codes) = set_up(&world, &mut browser).await;
    for column in [
        "hash FROM account_recovery_code",
        "secret FROM account_factor",
    ] {
        let stored = world
            .database
            .texts(&format!("SELECT {column}").replace(" FROM", " AS value FROM"))
            .await;
        for text in stored.into_iter().flatten() {
            assert!(codes.iter().all(
                |code| !text.contains(&code.replace('-', "")) && !text.contains(code.as_str())
            ));
        }
    }
    signs_out(&world, &mut browser).await;
    let asked = gives_password(&world, &mut browser, "/").await;
    assert!(
        asked.text().contains("remove-second-factor"),
        "what to do without any"
    );
    let typed = codes[0].to_uppercase().replace('-', " ");
    let path = "/sign-in/code";

    let entered = browser
        .post(&world, &asked, path, &[("recovery", typed.as_str())])
        .await;

    assert_eq!(goes_to(&entered), "/you?said=recovery");
    let you = browser.get(&world, "/you?said=recovery").await;
    assert!(
        you.text().contains("restano \u{2068}9\u{2069} codici"),
        "{}",
        you.text()
    );
    assert!(
        actions(&world)
            .await
            .contains(&"account.recovery_code".to_owned())
    );
    signs_out(&world, &mut browser).await;
    let asked = gives_password(&world, &mut browser, "/").await;
    let again = browser
        .post(&world, &asked, path, &[("recovery", typed.as_str())])
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(start_paused = true)]
async fn a_new_password_does_not_skip_the_code() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    set_up(&world, &mut browser).await;
    let account = world.store.account_by_name("Marco").await.unwrap().unwrap();
    let (now, dice) = (world.clock.now(), chassis::Dice::seeded(9));
    let link = queue_api::new_password_link(&world.store, account.id, now, &dice);
    let link = link.await.unwrap();
    let mut thief = Browser::new("it");
    let form = thief.get(&world, &link).await;
    let changed = thief
        .post(&world, &form, &link, &[("password", PASSWORD)])
        .await;
    assert_eq!(goes_to(&changed), "/sign-in?said=password");

    let asked = gives_password(&world, &mut thief, "/").await;

    assert!(asked.text().contains("name=\"code\""));
    assert!(goes_to(&thief.get(&world, "/").await).starts_with("/sign-in"));
    // the way back for a person who has neither phone nor codes
    let operator = Actor::new("command line");
    let removed = world.store.remove_second_factor(account.id, &operator, now);
    assert!(removed.await.unwrap());
    let form = thief.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    let entered = thief.post(&world, &form, "/sign-in", &fields).await;
    assert_eq!(goes_to(&entered), "/");
}

#[tokio::test(start_paused = true)]
async fn setting_up_signs_out_everywhere_else() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    first_account(&world, &mut browser).await;
    let mut laptop = Browser::new("it");
    let form = laptop.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    assert_eq!(
        goes_to(&laptop.post(&world, &form, "/sign-in", &fields).await),
        "/"
    );
    let you = browser.get(&world, "/you").await;
    let shown = browser.post(&world, &you, "/you/second-factor", &[]).await;
    let path = "/you/second-factor/confirm";
    let wrong = browser
        .post(&world, &shown, path, &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        laptop.get(&world, "/you").await.status,
        StatusCode::OK,
        "not yet"
    );
    let code = Phone::scans(&wrong).code(&world, 0);

    let done = browser
        .post(&world, &shown, path, &[("code", code.as_str())])
        .await;

    assert_eq!(done.status, StatusCode::OK);
    assert!(goes_to(&laptop.get(&world, "/you").await).starts_with("/sign-in"));
    assert_eq!(browser.get(&world, "/you").await.status, StatusCode::OK);
    assert_eq!(world.count("known_browser").await, 1);
    let again = browser.post(&world, &you, "/you/second-factor", &[]).await;
    assert_eq!(
        again.status,
        StatusCode::CONFLICT,
        "it would replace the secret"
    );
}

#[tokio::test(start_paused = true)]
async fn the_code_is_asked_in_the_same_browser_within_ten_minutes() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    let (phone, _) = set_up(&world, &mut browser).await;
    signs_out(&world, &mut browser).await;
    let before = browser.clone();
    let asked = gives_password(&world, &mut browser, "/").await;
    let mut planted = before;
    assert_eq!(
        goes_to(&planted.get(&world, "/sign-in/code").await),
        "/sign-in"
    );
    tokio::time::advance(Duration::from_mins(10)).await;
    let code = phone.next_code(&world).await;

    let late = gives_code(&world, &mut browser, &asked, &code).await;

    assert_eq!(goes_to(&late), "/sign-in?said=too-late");
    assert!(goes_to(&browser.get(&world, "/").await).starts_with("/sign-in"));
}

/// Whoever knows the password guesses few codes, and does not keep the owner's own browser out.
#[tokio::test(start_paused = true)]
async fn guesses_at_the_code_are_few_and_keep_nobody_out() {
    let world = World::sqlite().await;
    let mut owner = Browser::new("it").at("198.51.100.1");
    let (phone, _) = set_up(&world, &mut owner).await;
    signs_out(&world, &mut owner).await;
    let (mut wrong, mut refused) = (0, 0);
    for from in 0..4 {
        let mut thief = Browser::new("it").at(&format!("203.0.113.{from}"));
        let form = thief.get(&world, "/sign-in").await;
        let fields = [("name", "Marco"), ("password", PASSWORD)];
        let asked = thief.post(&world, &form, "/sign-in", &fields).await;
        if asked.status == StatusCode::TOO_MANY_REQUESTS {
            refused += 1;
            continue;
        }
        let asked = thief.get(&world, goes_to(&asked)).await;
        for _ in 0..5 {
            let answer = gives_code(&world, &mut thief, &asked, "000000").await;
            match answer.status {
                StatusCode::UNPROCESSABLE_ENTITY => wrong += 1,
                StatusCode::TOO_MANY_REQUESTS => {
                    assert!(answer.headers.contains_key(header::RETRY_AFTER));
                    refused += 1;
                }
                other => panic!("{other}"),
            }
        }
    }
    assert!(
        (5..=10).contains(&wrong) && refused > 3,
        "{wrong} {refused}"
    );
    let asked = gives_password(&world, &mut owner, "/").await;
    let mut answers = Vec::new();
    for from in 0..11 {
        owner = owner.at(&format!("198.51.100.{from}"));
        answers.push(
            gives_code(&world, &mut owner, &asked, "000000")
                .await
                .status,
        );
    }
    assert_eq!(
        answers[0],
        StatusCode::UNPROCESSABLE_ENTITY,
        "a count of its own"
    );
    assert_eq!(answers[10], StatusCode::TOO_MANY_REQUESTS, "wherever it is");
    assert!(!phone.code(&world, 0).is_empty());
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn it_is_turned_off_with_the_password_and_a_code(#[case] on: On) {
    let world = World::on(on).await;
    let mut browser = Browser::new("it");
    let (phone, codes) = set_up(&world, &mut browser).await;
    let you = browser.get(&world, "/you").await;
    let path = "/you/second-factor/off";
    let code = phone.next_code(&world).await;
    let wrong_password = [("password", "un tentativo"), ("code", code.as_str())];
    let wrong_code = [("password", PASSWORD), ("code", "000000")];
    let no_code = [("password", PASSWORD)];
    for fields in [&wrong_password[..], &wrong_code[..], &no_code[..]] {
        let refused = browser.post(&world, &you, path, fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}"
        );
    }
    assert_eq!(world.count("account_factor").await, 1);
    let right = [("password", PASSWORD), ("recovery", codes[3].as_str())];

    let off = browser.post(&world, &you, path, &right).await;

    assert_eq!(goes_to(&off), "/you?said=second-factor-off");
    assert_eq!(world.count("account_recovery_code").await, 0);
    assert!(
        actions(&world)
            .await
            .contains(&"account.second_factor_off".to_owned())
    );
    signs_out(&world, &mut browser).await;
    let form = browser.get(&world, "/sign-in").await;
    let fields = [("name", "Marco"), ("password", PASSWORD)];
    assert_eq!(
        goes_to(&browser.post(&world, &form, "/sign-in", &fields).await),
        "/"
    );
}

/// The new password needs a code, too, unless one was given a short time ago.
#[tokio::test(start_paused = true)]
async fn a_new_password_is_set_with_a_code() {
    let world = World::sqlite().await;
    let mut browser = Browser::new("it");
    let (phone, _) = set_up(&world, &mut browser).await;
    tokio::time::advance(Duration::from_mins(10)).await;
    let you = browser.get(&world, "/you").await;
    let new = "quattro parole nuove";
    let path = "/you/password";
    let fields = [("current", PASSWORD), ("password", new)];
    let refused = browser.post(&world, &you, path, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = phone.next_code(&world).await;
    let fields = [
        ("current", PASSWORD),
        ("password", new),
        ("code", code.as_str()),
    ];
    let changed = browser.post(&world, &you, path, &fields).await;
    assert_eq!(goes_to(&changed), "/sign-in?said=password");
}
