//! The beginning and the end: the first account, both phones, every page while it is empty, the names, signing out.

use thirtyfour::{WebDriver, WindowHandle};
use waha_simulator::Status;

use super::person::Person;
use crate::processes::system::System;

/// Whose account it is.
pub(super) const GROOM: &str = "Marco";
pub(super) const BRIDE: &str = "Giulia";
pub(super) const PASSWORD: &str = "tre parole lunghe";

pub(super) async fn makes_the_first_account(system: &System, person: &Person) {
    person.opens("/").await;
    person.sees("first-welcome").await;
    person
        .writes("first-code", &system.first_code().await)
        .await;
    person.chooses("shell-groom").await;
    person.writes("account-name", GROOM).await;
    person.writes("account-password", PASSWORD).await;
    person
        .chooses_named(person.either("Italiano", "English"))
        .await;
    person.presses("first-button").await;
    person.sees("home-title").await;
    assert_eq!(person.path().await, "/");
}

pub(super) async fn links_both_phones(system: &System, person: &Person) {
    let bride = system.bride.as_ref().expect("she has a phone");
    for (name, phone, whose) in [
        ("groom", &system.waha, "shell-groom"),
        ("bride", bride, "shell-bride"),
    ] {
        person.opens(&format!("/pairing/{name}")).await;
        phone.until_status(Status::ScanQrCode).await;
        phone.scan_qr().expect("a code to scan");
        // by itself: nobody touches the page
        let whose = person.t(whose);
        let done = person.with("pairing-connected", &[("person", whose.into())]);
        person.sees_text(&done).await;
        phone.until_listened_to().await;
    }
}

/// Every part of the page, while it is empty: it says what to do next.
pub(super) async fn looks_at_what_is_empty(person: &Person) {
    for path in [
        "/",
        "/queue",
        "/queue/new",
        "/conversations",
        "/conversations/unknown",
        "/guests",
        "/guests/cards",
        "/guests/import",
        "/broadcasts",
        "/broadcasts/new",
        "/people",
        "/settings",
        "/settings/tokens",
        "/settings/changes",
        "/needs/aside/groom",
        "/needs/suspended",
        "/needs/going-cold",
        "/needs/phones",
        "/needs/unconfirmed",
        "/needs/undelivered",
        "/needs/unreadable",
        "/stopped",
        "/you",
    ] {
        person.opens(path).await;
        assert_eq!(person.path().await, path);
    }
}

/// Their names, which stand on the page and on the invitations.
pub(super) async fn says_who_they_are(person: &Person) {
    person.opens("/settings").await;
    person.unfolds("settings-group-wedding").await;
    person.writes("settings-name-bride_name", BRIDE).await;
    person.writes("settings-name-groom_name", GROOM).await;
    person.presses("settings-save").await;
    person.sees("said-settings").await;
    person.sees_text(&format!("{BRIDE} & {GROOM}")).await;
}

pub(super) async fn signs_in(person: &Person) {
    person.opens("/sign-in").await;
    person.writes("account-name", GROOM).await;
    person.writes("account-password", PASSWORD).await;
    person.presses("sign-in-button").await;
    assert_eq!(person.path().await, "/");
}

async fn turns_to(driver: &WebDriver, tab: &WindowHandle) {
    let turned = driver.switch_to_window(tab.clone()).await;
    turned.expect("that tab");
}

/// Signs out in one tab; the page in another goes, too, by itself.
pub(super) async fn signs_out(person: &Person) {
    let driver = person.driver();
    let first = driver.window().await.expect("this tab");
    let second = driver.new_tab().await.expect("a tab");
    turns_to(driver, &second).await;
    person.opens("/").await;
    turns_to(driver, &first).await;
    person.presses("shell-sign-out").await;
    assert_eq!(person.path().await, "/sign-in");
    turns_to(driver, &second).await;
    person.sees("sign-in-title").await;
    assert_eq!(person.path().await, "/sign-in");
    driver.close_window().await.expect("closed");
    turns_to(driver, &first).await;
    person.opens("/you").await;
    assert_eq!(person.path().await, "/sign-in");
}
