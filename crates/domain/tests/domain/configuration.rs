//! The configuration: ranges, defaults, JSON.

use domain::config::{GlobalConfig, PaceProfile};

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
