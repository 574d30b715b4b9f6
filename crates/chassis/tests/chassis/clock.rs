use std::time::Duration;

use chassis::Clock;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::time::Instant;

fn origin() -> DateTime<Utc> {
    "2026-05-30T12:00:00.123456Z".parse().expect("a time")
}

#[test]
fn the_present_has_whole_milliseconds() {
    let now = Clock::system().now();

    assert_eq!(now, now.trunc_subsecs(3));
}

#[tokio::test(start_paused = true)]
async fn a_virtual_clock_follows_tokio() {
    let (clock, _) = Clock::virtual_from(origin());
    let before = clock.now();

    tokio::time::sleep(Duration::from_secs(90)).await;

    assert_eq!(before, origin().trunc_subsecs(3));
    assert_eq!(clock.now() - before, TimeDelta::seconds(90));
}

#[tokio::test(start_paused = true)]
async fn a_step_moves_the_wall_and_no_timer() {
    let (clock, steps) = Clock::virtual_from(origin());
    let (before, timers) = (clock.now(), Instant::now());

    steps.step(TimeDelta::hours(2));
    steps.step(TimeDelta::minutes(-30));

    assert_eq!(clock.clone().now() - before, TimeDelta::minutes(90));
    assert_eq!(timers.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn sleeping_ends_at_the_time_and_not_before() {
    let (clock, _) = Clock::virtual_from(origin());
    let wanted = clock.now() + TimeDelta::milliseconds(1_500);

    clock.sleep_until(wanted).await;

    let late = clock.now() - wanted;
    assert!(
        late >= TimeDelta::zero() && late <= TimeDelta::milliseconds(2),
        "{late}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_past_is_not_waited_for() {
    let (clock, _) = Clock::virtual_from(origin());
    let before = Instant::now();

    clock.sleep_until(clock.now() - TimeDelta::hours(1)).await;

    assert_eq!(before.elapsed(), Duration::ZERO);
}
