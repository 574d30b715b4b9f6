//! Each rule torn out of the book: the phones show that it is missing, and that they show nothing with the whole book.

use chrono::TimeDelta;
use domain::release::{Rule, Rulebook};
use storage::testing::TestDatabase;

use super::{
    life::{Happening, Life, live},
    phones::breaches,
};
use crate::virtual_time::system::Setup;

/// One day that puts the rule to the test: with it no breach at all, without it this one.
async fn is_missed(rule: Rule, day: impl Fn() -> Life) {
    let name = format!("{rule:?}:");
    is_missed_as(rule, &name, day).await;
}

async fn is_missed_as(rule: Rule, words: &str, day: impl Fn() -> Life) {
    let whole = breaches(&live(TestDatabase::sqlite().await, day()).await);
    assert_eq!(whole, Vec::<String>::new());
    let found = without(rule, day()).await;
    assert!(
        found.iter().any(|breach| breach.contains(words)),
        "nobody missed {rule:?}: {found:?}"
    );
}

async fn without(rule: Rule, mut life: Life) -> Vec<String> {
    life.setup.book = Rulebook::without(rule);
    breaches(&live(TestDatabase::sqlite().await, life).await)
}

/// A day from noon to noon on which these things happen, every few minutes.
fn day(guests: usize, news: usize, happenings: &[Happening]) -> Life {
    Life {
        setup: Setup {
            sessions: vec!["groom"],
            ..Setup::for_days()
        },
        lasts: TimeDelta::days(1),
        guests,
        news,
        every: 180..=900,
        happenings: happenings.to_vec(),
        seed: 21,
        falsified: &[],
    }
}

/// Many guests who write again and again, and news for all of them.
fn busy() -> Life {
    day(24, 3, &[Happening::GuestWrites, Happening::GuestWrites])
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_the_hour() {
    is_missed(Rule::HourLimit, busy).await;
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_the_hour_for_replies() {
    is_missed_as(Rule::HourLimit, " replies at ", || Life {
        every: 1..=60,
        lasts: TimeDelta::hours(2),
        ..day(8, 1, &[Happening::Chat(6)])
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_the_day() {
    is_missed(Rule::DayLimit, busy).await;
}

#[tokio::test(start_paused = true)]
async fn the_gap() {
    is_missed(Rule::Gap, busy).await;
}

#[tokio::test(start_paused = true)]
async fn the_night() {
    is_missed(Rule::QuietHours, || {
        let mut life = busy();
        life.setup.begins = "2026-06-10T18:00:00Z".parse().expect("eight in Rome");
        life
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_cool_down() {
    is_missed(Rule::CoolDown, || day(3, 2, &[Happening::Nothing])).await;
}

#[tokio::test(start_paused = true)]
async fn the_share_of_one_contact() {
    is_missed(Rule::ContactHour, || {
        day(1, 20, &[Happening::WritesAlways(0)])
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_unanswered_in_a_row() {
    is_missed(Rule::Unanswered, || day(2, 4, &[Happening::Nothing])).await;
}

#[tokio::test(start_paused = true)]
async fn the_hold_after_typing_by_hand() {
    is_missed(Rule::HandTyped, || {
        day(
            1,
            2,
            &[
                Happening::ByHandTo(0),
                Happening::NewsFor(0),
                Happening::WritesAlways(0),
            ],
        )
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_pause() {
    is_missed(Rule::Paused, || {
        day(12, 4, &[Happening::Pause, Happening::GuestWrites])
    })
    .await;
}

/// A new number has half: the phones show it when the database says that the number is old.
#[tokio::test(start_paused = true)]
async fn half_for_a_new_number() {
    let life = Life {
        falsified: &[
            "UPDATE session_number SET first_connected_at = first_connected_at - 8 * 86400000",
            "UPDATE whatsapp_session_status SET first_connected_at = first_connected_at - 8 * 86400000",
        ],
        ..busy()
    };
    let found = breaches(&live(TestDatabase::sqlite().await, life).await);
    let over = |breach: &String| breach.starts_with("DayLimit: 31 of 30");
    assert!(found.iter().any(over), "{found:?}");
}

/// Without consent in the book the database itself refuses: nothing reaches somebody who has not written.
#[tokio::test(start_paused = true)]
async fn without_the_rule_of_consent_the_database_still_refuses() {
    let found = without(Rule::Consent, busy()).await;
    assert!(
        !found.iter().any(|breach| breach.starts_with("Consent:")),
        "{found:?}"
    );
}
