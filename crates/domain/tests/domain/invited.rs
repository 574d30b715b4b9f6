//! Whom an invitation leads to, in which language, and what it calls the couple.

use domain::{
    config::Language,
    invitation::{Host, InvitedGuest, couple_names, host, language},
    phone_number::PhoneNumber,
    session::SessionName,
};
use rstest::rstest;

fn session(name: &str) -> SessionName {
    SessionName::parse(name).expect("a name")
}

fn guests(sides: &[&str]) -> Vec<InvitedGuest> {
    let guest = |side: &&str| InvitedGuest {
        side: (!side.is_empty()).then(|| session(side)),
        language: None,
    };
    sides.iter().map(guest).collect()
}

fn hosts(linked: &[&str]) -> Vec<Host> {
    let host = |name: &str| Host {
        session: session(name),
        number: linked
            .contains(&name)
            .then(|| PhoneNumber::from_whatsapp("393330000001").expect("a number")),
    };
    vec![host("groom"), host("bride")]
}

#[rstest]
#[case::one(&["bride"], Some("bride"))]
#[case::most(&["groom", "bride", "bride"], Some("bride"))]
#[case::tie(&["bride", "groom"], Some("bride"))]
#[case::tie_after_others(&["", "groom", "bride", "bride", "groom"], Some("groom"))]
#[case::those_without_a_side_do_not_count(&["", "", "bride"], Some("bride"))]
#[case::a_session_that_is_gone(&["mother", "mother", "bride"], Some("bride"))]
#[case::none(&["", ""], Some("groom"))]
#[case::no_guests(&[], Some("groom"))]
fn the_spouse_of_most_guests_is_written_to(#[case] sides: &[&str], #[case] expected: Option<&str>) {
    let hosts = hosts(&["groom", "bride"]);
    let found = host(&guests(sides), &hosts).map(|host| host.session.as_str());
    assert_eq!(found, expected);
}

#[rstest]
#[case::first_who_is_linked(&[], &["bride"], Some("bride"))]
#[case::nobody_is(&[], &[], None)]
#[case::no_way_round_the_side(&["groom"], &["bride"], Some("groom"))]
fn without_a_side_it_is_whoever_can_be_written_to(
    #[case] sides: &[&str],
    #[case] linked: &[&str],
    #[case] expected: Option<&str>,
) {
    let hosts = hosts(linked);
    let found = host(&guests(sides), &hosts).map(|host| host.session.as_str());
    assert_eq!(found, expected);
}

#[test]
fn the_language_is_that_of_the_first_guest_who_has_one() {
    let speaks = |language| InvitedGuest {
        side: None,
        language,
    };
    let (italian, english) = (Language::Italian, Language::English);
    let family = [speaks(None), speaks(Some(english)), speaks(Some(italian))];
    assert_eq!(language(&family, italian), english);
    assert_eq!(language(&family[..1], italian), italian);
    assert_eq!(language(&[], english), english);
}

#[rstest]
#[case(Language::Italian, "Giulia", "Marco", "Giulia e Marco")]
#[case(Language::Italian, "Anna", " Enrico ", "Anna ed Enrico")]
#[case(Language::English, "Giulia", "Enrico", "Giulia and Enrico")]
#[case(Language::Italian, "Giulia", "", "Giulia")]
#[case(Language::English, " ", "Marco", "Marco")]
#[case(Language::English, "", "", "")]
fn the_couple_is_called_by_name(
    #[case] language: Language,
    #[case] bride: &str,
    #[case] groom: &str,
    #[case] expected: &str,
) {
    assert_eq!(couple_names(language, bride, groom), expected);
}
