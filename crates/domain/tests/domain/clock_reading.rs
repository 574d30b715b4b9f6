//! A step of the machine's clock is seen, and time that passes is not.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{Timestamp, clock_reading::ClockReading};

fn reading(boot: Option<&str>, steady_secs: u64, wall_secs: i64) -> ClockReading {
    let at = Timestamp::UNIX_EPOCH + TimeDelta::seconds(wall_secs);
    ClockReading::new(boot, Duration::from_secs(steady_secs), at)
}

#[test]
fn sees_a_step_both_ways_when_the_machine_kept_running() {
    let earlier = reading(Some("a"), 100, 1_000);
    let forward = reading(Some("a"), 160, 1_060 + 3_600);
    let back = reading(Some("a"), 160, 1_060 - 3_600);
    assert_eq!(forward.set_since(&earlier), TimeDelta::hours(1));
    assert_eq!(back.set_since(&earlier), TimeDelta::hours(-1));
}

#[test]
fn sees_no_step_when_time_only_passed() {
    let earlier = reading(Some("a"), 100, 1_000);
    let later = reading(Some("a"), 86_500, 87_400);
    assert_eq!(later.set_since(&earlier), TimeDelta::zero());
}

/// Two clocks that are read one after the other differ by less.
#[test]
fn sees_a_step_from_a_second_on() {
    let earlier = reading(Some("a"), 100, 1_000);
    let a_second_ahead = reading(Some("a"), 160, 1_061);
    let by_chance = ClockReading {
        ahead_ms: a_second_ahead.ahead_ms - 1,
        ..a_second_ahead.clone()
    };
    assert_eq!(a_second_ahead.set_since(&earlier), TimeDelta::seconds(1));
    assert_eq!(by_chance.set_since(&earlier), TimeDelta::zero());
}

#[test]
fn sees_only_a_clock_behind_its_past_when_the_machine_restarted() {
    let earlier = reading(Some("a"), 100, 10_000);
    let behind = reading(Some("b"), 5, 10_000 - 7_200);
    let far_ahead = reading(Some("b"), 5, 500_000);
    let little_behind = reading(Some("b"), 5, 10_000 - 59);
    assert_eq!(behind.set_since(&earlier), TimeDelta::hours(-2));
    assert_eq!(far_ahead.set_since(&earlier), TimeDelta::zero());
    assert_eq!(little_behind.set_since(&earlier), TimeDelta::zero());
}

#[test]
fn takes_an_unnamed_boot_for_another_one() {
    let earlier = reading(None, 100, 10_000);
    let later = reading(None, 160, 10_060 + 3_600);
    assert!(!later.is_of_boot_of(&earlier));
    assert_eq!(later.set_since(&earlier), TimeDelta::zero());
}
