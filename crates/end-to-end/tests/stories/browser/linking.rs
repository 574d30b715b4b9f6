//! The phone is unlinked, and WAHA does not say why: a press leads to the question what the phone shows, its answer to a new code, and what
//! waited leaves when it is scanned.

use waha_simulator::{Misbehaviour, Status};

use super::beginning::GROOM;
use super::guest_list::LUCA;
use super::person::Person;
use super::talking::{answers, opens_the_conversation};
use crate::processes::system::System;

pub(super) async fn links_the_phone_again(system: &System, person: &Person) {
    let phone = &system.waha;
    phone.misbehave(Misbehaviour::NobodyScans.always());
    person.opens("/pairing/groom").await;
    let done = person.with("pairing-connected", &[("person", GROOM.into())]);
    person.sees_text(&done).await;
    phone.unlink_from_phone();
    person.sees("home-state-failed").await;

    // what is written while the phone is unlinked waits
    let text = person.either("Ci vediamo là!", "See you there!");
    opens_the_conversation(person, &LUCA).await;
    answers(person, text).await;
    person.sees("wait-session_needs_scan").await;
    let message = person.path().await;

    person.opens("/pairing/groom").await;
    person.presses("home-link-again").await;
    person.sees("pairing-look-at-phone").await;
    assert_eq!(
        phone.status(),
        Some(Status::Failed),
        "nothing is logged out"
    );
    person.presses("pairing-phone-unrestricted").await;
    person.sees("pairing-step-scan").await;
    let drawn =
        "const qr = document.querySelector('img.qr'); return qr.complete && qr.naturalWidth > 0";
    let deadline = tokio::time::Instant::now() + super::person::PATIENCE;
    while !person.asks::<bool>(drawn, &[]).await {
        assert!(tokio::time::Instant::now() < deadline, "no QR code");
        tokio::time::sleep(super::person::LOOK_AGAIN).await;
    }
    assert_eq!(phone.status(), Some(Status::ScanQrCode));
    // what an earlier press said goes by itself when it is no longer true
    person.opens("/pairing/groom?said=logged-out").await;
    person.sees("said-logged-out").await;
    phone.scan_qr().expect("a code to scan");
    phone.behave();
    person.sees_text(&done).await;
    assert!(!person.may_read(&person.t("said-logged-out")).await);

    // nobody resumes anything
    person.opens(&message).await;
    person.sees_the_badge("queue-phase-delivered").await;
    let shown = LUCA.phone(system).phone();
    assert!(
        shown.iter().any(|message| message.text == text),
        "{shown:?}"
    );
}
