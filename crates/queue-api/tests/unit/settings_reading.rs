//! Tests of `pages/settings/reading.rs`, with its private items.

use rstest::rstest;

use super::*;

#[test]
fn what_was_written_is_read_again() {
    let mut config = GlobalConfig::default();
    assert_eq!(read(&written(&config)), Ok(config.clone()));
    config.bride_name = "Zoë <3".to_owned();
    config.wedding_date = "2027-06-12".parse().ok();
    config.time_zone = Tz::America__Argentina__Buenos_Aires;
    config.country = Country::parse("AR").unwrap();
    config.limits.per_hour = 7;
    config.pacing.typing_ms_per_char = 255;
    assert_eq!(read(&written(&config)), Ok(config));
}

#[rstest]
#[case(300, "0.3")]
#[case(2000, "2")]
#[case(60_000, "60")]
#[case(0, "0")]
#[case(1255, "1.255")]
fn milliseconds_are_seconds_for_people(#[case] value: u64, #[case] text: &str) {
    assert_eq!(number_text(value, Unit::Milliseconds), text);
    assert_eq!(number(text, Unit::Milliseconds).map(u64::from), Some(value));
    assert_eq!(
        number(&text.replace('.', ","), Unit::Milliseconds).map(u64::from),
        Some(value)
    );
}

#[rstest]
#[case("per_hour", "0", Mistake::Number)]
#[case("per_hour", "31", Mistake::Number)]
#[case("per_hour", "ten", Mistake::Number)]
#[case("per_hour", "-1", Mistake::Number)]
#[case("per_hour", "99999999999", Mistake::Number)]
#[case("gap_min_secs", "181", Mistake::Order)]
#[case("pause_min_ms", "2.001", Mistake::Order)]
#[case("pause_min_ms", "0.0001", Mistake::Number)]
#[case("pause_min_ms", "4294967296", Mistake::Number)]
#[case("time_zone", "Rome", Mistake::Zone)]
#[case("country", "Italia", Mistake::Country)]
#[case("language", "de", Mistake::Language)]
#[case("wedding_date", "12/6/2027", Mistake::Day)]
#[case("quiet_from", "25:00", Mistake::Clock)]
fn every_mistake_is_found(#[case] name: &str, #[case] text: &str, #[case] mistake: Mistake) {
    let mut form = written(&GlobalConfig::default());
    form.insert(name.to_owned(), text.to_owned());
    let found = read(&form).unwrap_err();
    assert_eq!(found.into_iter().collect::<Vec<_>>().len(), 1);
    assert_eq!(read(&form).unwrap_err().get(name), Some(&mistake));
}

#[test]
fn all_mistakes_are_found_at_once() {
    let mut form = written(&GlobalConfig::default());
    for (name, text) in [("per_day", "500"), ("country", "??"), ("bride_name", "é")] {
        form.insert(name.to_owned(), text.to_owned());
    }
    form.insert("groom_name".to_owned(), "x".repeat(81));
    let found = read(&form).unwrap_err();
    let expected = [
        ("country", Mistake::Country),
        ("groom_name", Mistake::TooLong),
        ("per_day", Mistake::Number),
    ];
    assert_eq!(found, expected.into_iter().collect());
}

#[test]
fn a_clock_may_come_with_its_seconds() {
    assert_eq!(clock("21:00").as_deref(), Some("21:00"));
    assert_eq!(clock("21:00:00").as_deref(), Some("21:00"));
    assert_eq!(clock("9:05").as_deref(), Some("09:05"));
    assert_eq!(clock("21"), None);
}
