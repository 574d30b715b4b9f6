//! The whole way of a couple, once in each language and at each width: from the first account to signing out.

use rstest::rstest;
use storage::testing::TestDatabase;
use waha_simulator::Status;

use super::chromium::Window;
use super::person::Person;
use crate::processes::system::System;

#[rstest]
#[case::italian_phone("it", Window::Phone)]
#[case::english_desktop("en", Window::Desktop)]
#[tokio::test(flavor = "multi_thread")]
async fn a_couple_from_the_first_account_to_signing_out(
    #[case] language: &'static str,
    #[case] window: Window,
) {
    let system = System::new_couple(TestDatabase::sqlite().await).await;
    let person = Person::sits_down(&system.page(), window, language).await;
    makes_the_first_account(&system, &person).await;
    links_both_phones(&system, &person).await;
    looks_around(&person).await;
    signs_out(&person).await;
}

async fn makes_the_first_account(system: &System, person: &Person) {
    person.opens("/").await;
    person.sees(person.says("Codice", "Code")).await;
    person
        .writes(person.says("Codice", "Code"), &system.first_code().await)
        .await;
    person.chooses(person.says("lo sposo", "the groom")).await;
    person.writes(person.says("Nome", "Name"), "Marco").await;
    person.writes("Password", "tre parole lunghe").await;
    person.chooses(person.says("Italiano", "English")).await;
    person
        .presses(person.says("Crea il profilo", "Make the account"))
        .await;
    person
        .sees(person.says("Come va", "How things stand"))
        .await;
    assert_eq!(person.path().await, "/");
}

async fn links_both_phones(system: &System, person: &Person) {
    let bride = system.bride.as_ref().expect("she has a phone");
    for (name, phone) in [("groom", &system.waha), ("bride", bride)] {
        person.opens(&format!("/pairing/{name}")).await;
        phone.until_status(Status::ScanQrCode).await;
        phone.scan_qr().expect("a code to scan");
        // by itself: nobody touches the page
        person
            .sees(person.says("Fatto: il telefono di", "Done: the phone of"))
            .await;
    }
}

/// Every part of the page, while it is empty: it says what to do next.
async fn looks_around(person: &Person) {
    for path in [
        "/",
        "/queue",
        "/queue/new",
        "/conversations",
        "/conversations/unknown",
        "/guests",
        "/guests/import",
        "/broadcasts",
        "/broadcasts/new",
        "/people",
        "/settings",
        "/settings/tokens",
        "/settings/changes",
        "/you",
    ] {
        person.opens(path).await;
        assert_eq!(person.path().await, path);
    }
}

async fn signs_out(person: &Person) {
    person.presses(person.says("Esci", "Sign out")).await;
    assert_eq!(person.path().await, "/sign-in");
    person.opens("/you").await;
    assert_eq!(person.path().await, "/sign-in");
}
