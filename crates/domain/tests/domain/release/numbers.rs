//! The numbers of the rules: as configured, and for simulated runs.

use std::time::Duration;

use domain::{config::GlobalConfig, release::ReleaseRules};

#[test]
fn days_are_configured_as_days() {
    let mut config = GlobalConfig::default();
    config.limits.cold_after_days = 28;
    config.limits.new_number_days = 7;
    let rules = ReleaseRules::from_config(&config);
    assert_eq!(rules.cold_after, Duration::from_hours(28 * 24));
    assert_eq!(rules.new_number, Duration::from_hours(7 * 24));
}

#[test]
fn the_last_back_off_is_repeated() {
    let rules = ReleaseRules::from_config(&GlobalConfig::default());
    let seconds = [0, 1, 2, 3, 4, 5, u32::MAX].map(|earlier| rules.back_off(earlier).as_secs());
    assert_eq!(seconds, [30, 120, 600, 3600, 3600, 3600, 3600]);
}

#[test]
fn simulated_waits_are_so_many_times_shorter() {
    let rules = ReleaseRules::from_config(&GlobalConfig::default());
    let shorter = rules.clone().shorter(10);
    let expected = ReleaseRules {
        hour: Duration::from_mins(6),
        day: Duration::from_mins(144),
        gap_min: Duration::from_secs(6),
        gap_max: Duration::from_secs(18),
        reply_gap: Duration::from_millis(300),
        gap_after_reply: Duration::from_secs(2),
        cool_down: Duration::from_mins(6),
        hand_typed: Duration::from_mins(3),
        new_number: Duration::from_mins(1008),
        back_off: [3, 12, 60, 360].map(Duration::from_secs),
        quiet_hours: None,
        ..rules
    };
    assert_eq!(shorter, expected);
}
