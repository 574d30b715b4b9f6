//! Whole weeks with everything in them: no phone shows a breach.

use chrono::{DateTime, TimeDelta, Utc};
use storage::testing::TestDatabase;

use super::{
    life::{Happening, Life, live},
    phones::{Breach, breaches},
};
use crate::virtual_time::system::Setup;

/// All that can happen but for the clock.
fn everything() -> Vec<Happening> {
    use Happening::{ByHand, Chat, GuestWrites, News, Nothing, Pause, Restart, TakeOver};
    let often = [GuestWrites, GuestWrites, GuestWrites, News, News, ByHand];
    let seldom = [Chat(3), Restart, Restart, TakeOver, Pause, Nothing];
    [often, seldom].concat()
}

fn weeks(begins: &str, days: i64, seed: u64) -> Life {
    let begins: DateTime<Utc> = begins.parse().expect("a time");
    Life {
        setup: Setup {
            begins,
            sessions: vec!["groom"],
            seed,
            hasty: true,
            ..Setup::for_days()
        },
        lasts: TimeDelta::days(days),
        guests: 12,
        news: 2,
        every: 300..=5400,
        happenings: everything(),
        seed,
        falsified: &[],
    }
}

async fn holds(database: TestDatabase, life: Life) {
    let least = usize::try_from(life.lasts.num_days()).expect("some days") * 3;
    let seen = live(database, life).await;
    assert_eq!(breaches(&seen), Vec::<Breach>::new());
    assert!(
        seen.delivered.len() > least,
        "only {} messages arrived: nothing was shown",
        seen.delivered.len()
    );
}

#[tokio::test(start_paused = true)]
async fn two_summer_weeks_hold_every_limit() {
    let life = weeks("2026-06-10T10:00:00Z", 14, 11);
    holds(TestDatabase::sqlite().await, life).await;
}

#[tokio::test(start_paused = true)]
async fn the_change_to_winter_time_holds_every_limit() {
    let life = weeks("2026-10-24T08:00:00Z", 2, 12);
    holds(TestDatabase::postgres().await, life).await;
}

#[tokio::test(start_paused = true)]
async fn the_change_to_summer_time_holds_every_limit() {
    let life = weeks("2026-03-27T08:00:00Z", 3, 13);
    holds(TestDatabase::sqlite().await, life).await;
}

#[tokio::test(start_paused = true)]
async fn a_week_on_a_machine_whose_clock_is_set_again_and_again_holds_every_limit() {
    let mut life = weeks("2026-06-10T10:00:00Z", 7, 14);
    life.happenings.extend([Happening::ClockSet(600); 4]);
    holds(TestDatabase::sqlite().await, life).await;
}
