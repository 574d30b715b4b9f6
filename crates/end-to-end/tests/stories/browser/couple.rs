//! The whole way of a couple: from the first account to signing out, in both languages and at both widths.

use rstest::rstest;
use storage::testing::TestDatabase;

use super::chromium::Window;
use super::doubt::{self, Doubt};
use super::person::Person;
use super::{beginning, everything, guests, linking, news, talking};
use crate::processes::system::System;

#[rstest]
#[case::italian_phone("it", Window::Phone, Doubt::NeverLeft)]
#[case::english_desktop("en", Window::Desktop, Doubt::Arrived)]
#[tokio::test(flavor = "multi_thread")]
async fn a_couple_from_the_first_account_to_signing_out(
    #[case] language: &'static str,
    #[case] window: Window,
    #[case] doubt: Doubt,
) {
    let (system, person) = a_couple_with_guests(language, window).await;
    talking::answers_with_a_quote(&system, &person).await;
    linking::links_the_phone_again(&system, &person).await;
    news::ten_guests_write(&system, &person).await;
    let news = news::writes_to_ten(&person).await;
    news::stops_everything_and_goes_on(&system, &person, &news).await;
    let doubtful = doubt::comes_up(&system, &person, doubt).await;
    match doubt {
        Doubt::Arrived => doubtful.has_arrived(&system, &person).await,
        Doubt::NeverLeft => doubtful.is_sent_again_too_early(&person).await,
    }
    everything::looks_at_every_page(&system, &person).await;
    if doubt == Doubt::NeverLeft {
        doubtful.is_sent_again(&system, &person).await;
    }
    beginning::signs_out(&person).await;
}

#[rstest]
#[case::italian_desktop("it", Window::Desktop)]
#[case::english_phone("en", Window::Phone)]
#[tokio::test(flavor = "multi_thread")]
async fn every_page_with_something_on_it(#[case] language: &'static str, #[case] window: Window) {
    let (system, person) = a_couple_with_guests(language, window).await;
    news::ten_guests_write(&system, &person).await;
    everything::looks_at_every_page(&system, &person).await;
    beginning::signs_out(&person).await;
}

/// Both phones are linked, the guests imported, and one of them has used the invitation.
async fn a_couple_with_guests(language: &'static str, window: Window) -> (System, Person) {
    let system = System::new_couple(TestDatabase::sqlite().await).await;
    let person = Person::sits_down(&system.page(), window, language).await;
    beginning::makes_the_first_account(&system, &person).await;
    beginning::links_both_phones(&system, &person).await;
    beginning::looks_at_what_is_empty(&person).await;
    beginning::says_who_they_are(&person).await;
    guests::imports(&person).await;
    guests::one_writes_with_the_invitation(&system, &person).await;
    (system, person)
}
