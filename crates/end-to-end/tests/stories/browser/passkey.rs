//! Linking an account that WhatsApp asks for a passkey: with a stand-in for the browser extension, and with the pasted script.

use std::path::Path;

use rstest::rstest;
use serde_json::Value;
use storage::testing::TestDatabase;
use thirtyfour::By;
use tokio::time::Instant;
use waha_simulator::{PasskeyDemand, RecordedCall, Status};

use super::beginning;
use super::chromium::Window;
use super::person::{LOOK_AGAIN, PATIENCE, Person};
use crate::processes::system::System;

/// The folders of the stand-ins: for Chromium, with its id, which follows from the `key` in its manifest; for Firefox.
const EXTENSION: &str = "tests/stories/browser/passkey_extension";
const EXTENSION_IN_WINDOW: &str = "tests/stories/browser/passkey_extension_in_window";
const EXTENSION_ID: &str = "mmccgcgmcfpaldmbeemgadfbfcaglaad";
/// For domains that the stand-in does not sign for; short, to see challenges expire.
const SHORT_MS: u32 = 12_000;

#[rstest]
#[case::italian("it", Window::Desktop)]
#[case::english("en", Window::Desktop)]
#[tokio::test(flavor = "multi_thread")]
async fn the_extension_signs_with_one_press(
    #[case] language: &'static str,
    #[case] window: Window,
) {
    let settings = vec![("PASSKEY_EXTENSION_ID", EXTENSION_ID.to_owned())];
    let system = System::new_couple_with(TestDatabase::sqlite().await, settings).await;
    let extension = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXTENSION);
    let person = Person::sits_down_with(&system.page(), window, language, Some(&extension)).await;
    beginning::makes_the_first_account(&system, &person).await;
    is_asked(
        &system,
        &person,
        "refused.example",
        SHORT_MS,
        "passkey-ready",
    )
    .await;

    person.presses("passkey-sign").await;
    person.sees("passkey-note-refused").await;
    assert_eq!(steps(&system), (0, 0, 0), "nothing was sent");

    system
        .waha
        .demand_passkey(demand("silent.example", SHORT_MS));
    // by itself, once the refused one has expired
    waits_for_the_challenge_of(&person, "silent.example").await;
    system.waha.demand_passkey(demand("slow.example", 60_000));
    person.presses("passkey-sign").await;
    person.sees("passkey-note-expired").await;
    assert_eq!(system.waha.status(), Some(Status::PasskeyRequired));

    waits_for_the_challenge_of(&person, "slow.example").await;
    person.presses("passkey-sign").await;
    person.sees("passkey-compare").await;
    person.sees_text("7391").await;
    person.presses("passkey-match").await;
    sees_the_link(&person).await;
    assert_eq!(steps(&system), (1, 1, 0));
}

/// In Firefox the page finds the extension in its own window. The stand-in does the same in Chromium, where it has no id to call.
#[tokio::test(flavor = "multi_thread")]
async fn an_extension_in_the_window_of_the_page_signs_with_one_press() {
    let system = System::new_couple(TestDatabase::sqlite().await).await;
    let extension = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXTENSION_IN_WINDOW);
    let (window, extension) = (Window::Desktop, Some(extension.as_path()));
    let person = Person::sits_down_with(&system.page(), window, "en", extension).await;
    beginning::makes_the_first_account(&system, &person).await;
    is_asked(&system, &person, "window.example", 60_000, "passkey-ready").await;

    person.presses("passkey-sign").await;
    person.sees("passkey-compare").await;
    person.presses("passkey-match").await;
    sees_the_link(&person).await;
    assert_eq!(steps(&system), (1, 1, 0));
}

#[rstest]
#[case::italian("it", Window::Desktop)]
#[case::english("en", Window::Phone)]
#[tokio::test(flavor = "multi_thread")]
async fn without_the_extension_a_pasted_script_signs(
    #[case] language: &'static str,
    #[case] window: Window,
) {
    let system = System::new_couple(TestDatabase::sqlite().await).await;
    let person = Person::sits_down(&system.page(), window, language).await;
    beginning::makes_the_first_account(&system, &person).await;
    is_asked(&system, &person, "localhost", 60_000, "passkey-install").await;

    let script = person.text_of("#passkey-script").await;
    let answer = signs_in_another_tab(&system, &person, &script).await;
    person.fills("assertion", &answer).await;
    person.presses("passkey-send").await;
    person.sees("passkey-compare").await;
    person.presses("passkey-match").await;
    sees_the_link(&person).await;
    assert_eq!(steps(&system), (1, 1, 0));
}

fn demand(rp_id: &str, timeout_ms: u32) -> PasskeyDemand {
    PasskeyDemand {
        rp_id: rp_id.to_owned(),
        // every passkey of the domain
        credentials: Vec::new(),
        timeout_ms,
        code: Some("7391".to_owned()),
        ..PasskeyDemand::default()
    }
}

/// Opens the linking page, which says `before`; the QR is scanned, and WhatsApp asks.
async fn is_asked(system: &System, person: &Person, rp_id: &str, timeout_ms: u32, before: &str) {
    system.waha.demand_passkey(demand(rp_id, timeout_ms));
    system.waha.until_status(Status::ScanQrCode).await;
    person.opens("/pairing/groom").await;
    person.sees(before).await;
    system.waha.scan_qr().expect("a code to scan");
    person.sees("passkey-title").await;
}

async fn waits_for_the_challenge_of(person: &Person, domain: &str) {
    let script = "return document.querySelector('[data-passkey-sign]')?.dataset.passkeySign ?? ''";
    let deadline = Instant::now() + PATIENCE;
    while !person.asks::<String>(script, &[]).await.contains(domain) {
        assert!(Instant::now() < deadline, "no new challenge");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn sees_the_link(person: &Person) {
    let whose = person.t("shell-groom");
    let done = person.with("pairing-connected", &[("person", whose.into())]);
    person.sees_text(&done).await;
}

/// Makes a passkey for `localhost` in another tab, and uses it with the script as it is pasted there. The answer.
async fn signs_in_another_tab(system: &System, person: &Person, script: &str) -> String {
    let driver = person.driver();
    let first = driver.window().await.expect("this tab");
    let second = driver.new_tab().await.expect("a tab");
    driver.switch_to_window(second).await.expect("that tab");
    let page = system.page().replace("127.0.0.1", "localhost");
    driver
        .goto(format!("{page}/sign-in"))
        .await
        .expect("a page");
    person.adds_an_authenticator().await;
    let made = driver
        .execute_async(MAKE_A_PASSKEY, Vec::<Value>::new())
        .await;
    let made: String = made.expect("a script").convert().expect("its answer");
    assert_eq!(made, "made");

    driver
        .execute(script, Vec::new())
        .await
        .expect("the script");
    let button = format!("//button[.='{}']", person.t("passkey-script-button"));
    let button = person.finds(By::XPath(button), "the script's button").await;
    button.click().await.expect("a press");
    let answer = person.finds(By::Css("textarea"), "the answer").await;
    let answer = answer.value().await.expect("a field");
    driver.close_window().await.expect("closed");
    driver.switch_to_window(first).await.expect("that tab");
    answer.expect("an answer")
}

const MAKE_A_PASSKEY: &str = "
    const done = arguments[0];
    const publicKey = {
        challenge: new Uint8Array(32),
        rp: { id: 'localhost', name: 'A test' },
        user: { id: new Uint8Array(8), name: 'groom', displayName: 'Groom' },
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    };
    navigator.credentials.create({ publicKey }).then(() => done('made'), (error) => done(String(error)));";

/// How often WAHA was answered, told that the codes match, and told what it must never be told.
fn steps(system: &System) -> (usize, usize, usize) {
    let record = system.waha.record();
    let count = |call: RecordedCall| record.iter().filter(|entry| entry.what == call).count();
    (
        count(RecordedCall::PasskeyAnswered),
        count(RecordedCall::PasskeyConfirmed),
        count(RecordedCall::PasskeyMisstep),
    )
}
