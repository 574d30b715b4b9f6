//! The table of numbers that keeps the phone library honest.

use domain::phone_number::{Country, PhoneNumber};
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
    assert!(!format!("{number:?}").contains("347"));
}

#[test]
fn another_default_country_reads_its_own_numbers() {
    let uk = Country::parse("gb").expect("a country");
    let number = PhoneNumber::parse("07911 123456", uk).expect("valid");
    assert_eq!(number.digits(), "447911123456");
    assert!(Country::parse("XX9").is_err());
}
