//! The names of sessions: which are valid, and how they are written.

use domain::session::SessionName;
use rstest::rstest;

#[rstest]
#[case("g")]
#[case("groom")]
#[case("bride-2")]
#[case::longest("abcdefghijklmnopqrstuvwxyz-1234567890-xy")]
fn a_name_is_written_as_it_was_read(#[case] text: &str) {
    let name: SessionName = text.parse().expect(text);
    assert_eq!(name.as_str(), text);
    assert_eq!(name.to_string(), text);
    let json = serde_json::to_string(&name).expect("writes");
    assert_eq!(json, format!("\"{text}\""));
    let back: SessionName = serde_json::from_str(&json).expect("reads");
    assert_eq!(back, name);
}

#[rstest]
#[case::empty("")]
#[case::too_long("abcdefghijklmnopqrstuvwxyz-1234567890-xyz")]
#[case::digit_first("2groom")]
#[case::hyphen_first("-groom")]
#[case::capital_first("Groom")]
#[case::capital_inside("grooM")]
#[case::accent("gròom")]
#[case::underscore("groom_2")]
#[case::space("the groom")]
fn what_is_no_name_is_refused(#[case] text: &str) {
    assert!(SessionName::parse(text).is_err(), "{text:?} was taken");
}

#[test]
fn the_suffix_of_an_environment_variable_is_in_capitals_with_underscores() {
    let name = SessionName::parse("bride-2").expect("valid");
    assert_eq!(name.env_suffix(), "BRIDE_2");
}
