//! The second factor in a real browser: set up, used, lost, asked again, turned off.

use chassis::Clock;
use rstest::rstest;
use storage::testing::TestDatabase;
use thirtyfour::By;
use totp_rs::{Builder, Secret, Totp};

use super::beginning::{self, GROOM, PASSWORD};
use super::chromium::Window;
use super::person::{LOOK_AGAIN, Person};
use crate::processes::system::System;

#[rstest]
#[case::italian("it", Window::Phone)]
#[case::english("en", Window::Phone)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_used_lost_and_turned_off(
    #[case] language: &'static str,
    #[case] window: Window,
) {
    let system = System::new_couple(TestDatabase::sqlite().await).await;
    let person = Person::sits_down(&system.page(), window, language).await;
    beginning::makes_the_first_account(&system, &person).await;
    let (mut app, codes) = sets_up(&person).await;
    signs_in_with_the_app(&person, &mut app).await;
    signs_in_with_a_recovery_code(&person, &codes[0]).await;
    gives_the_password_again(&system, &person, &mut app).await;
    turns_it_off(&person, &codes[1]).await;
}

/// An authenticator app.
struct App {
    totp: Totp,
    /// The newest step whose code was given.
    given: u64,
}

impl App {
    fn step() -> u64 {
        let now = Clock::system().now().timestamp();
        u64::try_from(now).expect("after 1970") / 30
    }

    fn code(&mut self) -> String {
        self.given = Self::step();
        self.totp.generate(self.given * 30).to_string()
    }

    /// The first code that was not given yet: a person waits for it, too.
    async fn next_code(&mut self) -> String {
        while Self::step() <= self.given {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.code()
    }
}

async fn sets_up(person: &Person) -> (App, Vec<String>) {
    person.opens("/you").await;
    person.presses("factor-set-up").await;
    person.unfolds("factor-type-key").await;
    let key = person.text_of("#factor-key").await.replace(' ', "");
    let secret = Secret::try_from_base32(key).expect("a key");
    let totp = Builder::new().with_secret(secret).build().expect("a key");
    let mut app = App { totp, given: 0 };
    person.writes("factor-code", &app.code()).await;
    person.presses("factor-start").await;
    person.sees("factor-is-on").await;
    let codes = person.texts_of(".factor-codes code").await;
    assert_eq!(codes.len(), 10);
    person.presses("factor-codes-done").await;
    sees_codes_left(person, 10).await;
    (app, codes)
}

async fn sees_codes_left(person: &Person, left: u8) {
    let text = person.with("factor-left", &[("n", left.into())]);
    person.sees_text(&text).await;
}

async fn gives_the_password(person: &Person) {
    beginning::signs_out(person).await;
    person.opens("/sign-in").await;
    person.writes("account-name", GROOM).await;
    person.writes("account-password", PASSWORD).await;
    person.presses("sign-in-button").await;
    assert_eq!(person.path().await, "/sign-in/code");
}

async fn signs_in_with_the_app(person: &Person, app: &mut App) {
    gives_the_password(person).await;
    let used = app.totp.generate(app.given * 30).to_string();
    person.writes("factor-code", &used).await;
    person.presses("sign-in-button").await;
    person.sees("factor-wrong").await;
    person.writes("factor-code", &app.next_code().await).await;
    person.presses("sign-in-button").await;
    assert_eq!(person.path().await, "/");
}

async fn signs_in_with_a_recovery_code(person: &Person, code: &str) {
    gives_the_password(person).await;
    person.unfolds("factor-no-phone").await;
    person.writes("factor-recovery", code).await;
    person.presses("sign-in-button").await;
    person.sees("said-recovery").await;
    sees_codes_left(person, 9).await;
}

/// What was asked for is done after the password, and not lost.
async fn gives_the_password_again(system: &System, person: &Person, app: &mut App) {
    let long_ago = "UPDATE account_session SET confirmed_at = 0";
    let changed = system.database.execute(long_ago).await;
    assert!(changed.expect("a database") > 0);
    person.opens("/people").await;
    person.presses("people-invite-operator").await;
    person.sees("confirm-why").await;
    person.writes("account-password", PASSWORD).await;
    person.writes("factor-code", &app.next_code().await).await;
    person.presses("confirm-button").await;
    person.sees("people-link-once").await;
}

async fn turns_it_off(person: &Person, code: &str) {
    person.opens("/you").await;
    person.unfolds("factor-stop-summary").await;
    let field = "form[action='/you/second-factor/off'] input[name=password]";
    let field = person.finds(By::Css(field), "the password").await;
    field.send_keys(PASSWORD).await.expect("a field");
    person.unfolds("factor-no-phone").await;
    person.writes("factor-recovery", code).await;
    person.presses("factor-stop").await;
    person.sees("said-second-factor-off").await;
    beginning::signs_out(person).await;
    beginning::signs_in(person).await;
}
