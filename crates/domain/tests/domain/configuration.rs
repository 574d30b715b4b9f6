//! The configuration: ranges, defaults, JSON.

use domain::config::{GlobalConfig, PaceProfile, Pacing};
use rstest::rstest;

#[test]
fn the_defaults_are_within_their_own_ranges() {
    assert_eq!(GlobalConfig::default().problems(), vec![]);
}

#[test]
fn each_number_out_of_its_range_is_named() {
    let base = serde_json::to_value(GlobalConfig::default()).expect("serialises");
    let fields = GlobalConfig::default()
        .limits
        .ranges()
        .into_iter()
        .map(|(field, _, range)| (field, u64::from(*range.end()) + 1));
    let pacing = GlobalConfig::default()
        .pacing
        .ranges()
        .into_iter()
        .map(|(field, _, range)| (field, *range.end() + 1));
    for (field, too_much) in fields.chain(pacing) {
        let mut changed = base.clone();
        let (group, name) = field.split_once('.').expect("group.name");
        changed[group][name] = too_much.into();
        let config: GlobalConfig = serde_json::from_value(changed).expect("reads");
        assert!(
            config
                .problems()
                .iter()
                .any(|problem| problem.field == field),
            "{field} = {too_much} was taken"
        );
    }
}

#[test]
fn unknown_fields_and_odd_times_are_refused() {
    assert!(serde_json::from_str::<GlobalConfig>(r#"{"limits":{"per_houur":3}}"#).is_err());
    assert!(serde_json::from_str::<GlobalConfig>(r#"{"limits":{"quiet_from":"25:00"}}"#).is_err());
    assert!(serde_json::from_str::<GlobalConfig>(r#"{"time_zone":"Mars/Olympus"}"#).is_err());
    assert!(serde_json::from_str::<GlobalConfig>(r#"{"country":"Italy"}"#).is_err());
}

#[test]
fn the_simulated_profile_has_no_night_and_short_waits_and_production_has_both() {
    let config = GlobalConfig::default();
    let production = PaceProfile::Production.rules(&config);
    let simulated = PaceProfile::Simulated.rules(&config);
    assert!(production.quiet_hours.is_some() && simulated.quiet_hours.is_none());
    assert_eq!(production.cool_down, simulated.cool_down * 600);
    assert_eq!(production.per_hour, simulated.per_hour);
}

type Change = fn(&mut GlobalConfig);

#[rstest]
#[case("limits.gap_min_secs", |c: &mut GlobalConfig| c.limits.gap_min_secs = 180, |c: &mut GlobalConfig| c.limits.gap_min_secs = 181)]
#[case("pacing.reading_min_ms", |c: &mut GlobalConfig| c.pacing.reading_min_ms = 5_000, |c: &mut GlobalConfig| c.pacing.reading_min_ms = 5_001)]
#[case("pacing.reply_reading_min_ms", |c: &mut GlobalConfig| c.pacing.reply_reading_min_ms = 3_000, |c: &mut GlobalConfig| c.pacing.reply_reading_min_ms = 3_001)]
#[case("pacing.pause_min_ms", |c: &mut GlobalConfig| c.pacing.pause_min_ms = 2_000, |c: &mut GlobalConfig| c.pacing.pause_min_ms = 2_001)]
fn the_shortest_may_equal_the_longest_and_not_exceed_it(
    #[case] field: &str,
    #[case] equal: Change,
    #[case] longer: Change,
) {
    let mut config = GlobalConfig::default();
    equal(&mut config);
    assert_eq!(config.problems(), vec![]);
    longer(&mut config);
    let named: Vec<_> = config.problems().into_iter().map(|one| one.field).collect();
    assert_eq!(named, [field]);
}

#[test]
fn a_time_of_day_is_read_and_written_as_people_write_it() {
    let text = r#"{"limits":{"quiet_from":"22:30"}}"#;
    let config: GlobalConfig = serde_json::from_str(text).expect("reads");
    assert_eq!(config.limits.quiet_from.to_string(), "22:30:00");
    let json = serde_json::to_value(GlobalConfig::default()).expect("writes");
    assert_eq!(json["limits"]["quiet_from"], "21:00");
    assert_eq!(json["limits"]["quiet_to"], "09:00");
}

#[test]
fn a_faster_pace_is_so_many_times_faster_and_varies_as_much() {
    let expected = Pacing {
        reading_min_ms: 200,
        reading_max_ms: 500,
        reply_reading_min_ms: 100,
        reply_reading_max_ms: 300,
        typing_ms_per_char: 30,
        typing_cap_ms: 6_000,
        typing_spread_percent: 20,
        pause_min_ms: 50,
        pause_max_ms: 200,
    };
    assert_eq!(Pacing::default().faster(10), expected);
    let config = GlobalConfig::default();
    assert_eq!(PaceProfile::Simulated.pacing(&config), expected);
    assert_eq!(PaceProfile::Production.pacing(&config), config.pacing);
}

#[test]
fn the_log_says_which_pace_is_kept() {
    for &profile in PaceProfile::ALL {
        let sentence = profile.sentence();
        let start = format!("pace profile: {profile}");
        assert!(sentence.starts_with(&start), "{sentence}");
    }
}
