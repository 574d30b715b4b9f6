//! The table of numbers that keeps the phone library honest.

use domain::phone_number::{Country, LineType, PhoneNumber};
use rstest::rstest;

#[rstest]
#[case("+39 347 000 0001", "393470000001")]
#[case("347 000 0001", "393470000001")]
#[case("0039 347 0000001", "393470000001")]
#[case("+39 06 6982 1234", "390669821234")]
#[case("06 6982 1234", "390669821234")]
#[case("(+39) 347-000-0001", "393470000001")]
#[case("+44 7911 123456", "447911123456")]
#[case("0044 7911 123456", "447911123456")]
#[case("+49 1512 3456789", "4915123456789")]
#[case("+33 6 12 34 56 78", "33612345678")]
#[case("+41 78 123 45 67", "41781234567")]
#[case("+1 202-555-0143", "12025550143")]
#[case("+55 11 96123-4567", "5511961234567")]
#[case("+34 612 34 56 78", "34612345678")]
#[case("٠٠٣٩ ٣٤٧ ٠٠٠ ٠٠٠١", "393470000001")]
fn a_number_as_people_write_it_becomes_international_digits(
    #[case] written: &str,
    #[case] digits: &str,
) {
    let number = PhoneNumber::parse(written, Country::ITALY).expect(written);
    assert_eq!(number.digits(), digits);
}

#[rstest]
#[case("")]
#[case("hello")]
#[case("+39")]
#[case("12")]
#[case("+39 347 000 0001 2345 6789 1234")]
#[case("+999 123 456")]
#[case("'; DROP TABLE guest; --")]
fn what_cannot_be_a_number_is_refused(#[case] written: &str) {
    assert!(
        PhoneNumber::parse(written, Country::ITALY).is_err(),
        "{written:?} was taken"
    );
}

#[test]
fn a_number_is_shown_internationally_and_never_by_debug() {
    let number = PhoneNumber::parse("3470000001", Country::ITALY).expect("valid");
    assert_eq!(number.international(), "+39 347 000 0001");
    assert_eq!(format!("{number:?}"), "PhoneNumber(…)");
}

#[rstest]
#[case::shortest("12345", true)]
#[case::too_short("1234", false)]
#[case::longest("12345678901234567890", true)]
#[case::too_long("123456789012345678901", false)]
#[case::plus("+393470000001", false)]
#[case::letter("39347000000a", false)]
fn digits_of_whatsapp_are_5_to_20(#[case] digits: &str, #[case] valid: bool) {
    assert_eq!(PhoneNumber::from_whatsapp(digits).is_ok(), valid);
}

#[test]
fn json_holds_the_digits_and_refuses_a_number_as_people_write_it() {
    let number: PhoneNumber = serde_json::from_str("\"393470000001\"").expect("reads");
    let json = serde_json::to_string(&number).expect("writes");
    assert_eq!(json, "\"393470000001\"");
    assert!(serde_json::from_str::<PhoneNumber>("\"+39 347\"").is_err());
}

#[test]
fn another_default_country_reads_its_own_numbers() {
    let uk = Country::parse("gb").expect("a country");
    let number = PhoneNumber::parse("07911 123456", uk).expect("valid");
    assert_eq!(number.digits(), "447911123456");
    assert!(Country::parse("XX9").is_err());
}

#[test]
fn a_country_is_written_in_two_capital_letters() {
    let uk = Country::parse("gb").expect("a country");
    assert_eq!(uk.code(), "GB");
    assert_eq!(serde_json::to_string(&uk).expect("writes"), "\"GB\"");
    let back: Country = serde_json::from_str("\"gb\"").expect("reads");
    assert_eq!(back, uk);
}

#[rstest]
#[case::mobile("347 000 0001", LineType::Mobile)]
#[case::fixed("06 6982 1234", LineType::Fixed)]
#[case::fixed_with_prefix("+44 20 7946 0958", LineType::Fixed)]
#[case::either("+1 212 555 2368", LineType::Mobile)]
#[case::internet_telephony("555 555 1111", LineType::Other)]
#[case::toll_free("800 123 456", LineType::Other)]
fn a_number_has_the_type_that_its_country_gives_it(
    #[case] written: &str,
    #[case] line_type: LineType,
) {
    let (number, found) = PhoneNumber::parse_typed(written, Country::ITALY).expect("a number");
    assert_eq!(found, line_type);
    assert_eq!(PhoneNumber::parse(written, Country::ITALY), Ok(number));
}
