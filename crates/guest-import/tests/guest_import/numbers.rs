//! One number out of what people write into cells and columns.

use domain::phone_number::Country;
use rstest::rstest;

use crate::world::{GOOGLE_NEW, digits, lines, only, phone};

#[rstest]
#[case::national("347 000 0001", "393470000001")]
#[case::international("+39 347 000 0001", "393470000001")]
#[case::plus_lost_by_a_spreadsheet("393470000001", "393470000001")]
#[case::code_and_slash("347/0000001", "393470000001")]
#[case::country_code_and_slashes("+39/347/0000001", "393470000001")]
#[case::code_in_brackets("(+39) 347-000.0001", "393470000001")]
#[case::a_word_before("cell. 347 000 0001", "393470000001")]
#[case::a_word_behind("347 000 0001 (casa)", "393470000001")]
#[case::marked_as_text("'+39 347 000 0001", "393470000001")]
#[case::a_formula_that_keeps_digits("\"=\"\"3470000001\"\"\"", "393470000001")]
#[case::a_formula_that_adds_a_sign("=+393470000001", "393470000001")]
#[case::taken_for_a_decimal("3470000001.0", "393470000001")]
#[case::dash_after_the_code("+39 0721 - 123456", "390721123456")]
#[case::dashes("+39-347-123-4567", "393471234567")]
#[case::extension("06 6982 1234 int. 12", "390669821234")]
#[case::scientific_with_every_digit("3.93471234567E+11", "393471234567")]
#[case::scientific_with_a_comma("3,93471234567e11", "393471234567")]
#[case::writing_direction("\u{202A}+39 347 000 0001\u{202C}", "393470000001")]
#[case::fixed_line("06 6982 1234", "390669821234")]
#[case::another_country("+44 7911 123456", "447911123456")]
#[case::two_with_a_slash("347 000 0001 / 348 000 0002", "393470000001")]
#[case::two_with_a_slash_and_no_space("3470000001/3480000002", "393470000001")]
#[case::two_with_codes_and_slashes("347/0000001 / 348/0000002", "393470000001")]
#[case::two_with_a_word("347 000 0001 o 348 000 0002", "393470000001")]
#[case::two_with_names("Anna: 347 000 0001, Luca: 348 000 0002", "393470000001")]
#[case::two_on_two_lines("\"347 000 0001\n348 000 0002\"", "393470000001")]
#[case::google_s_way("+39 347 000 0001 ::: +39 348 000 0002", "393470000001")]
#[case::fixed_line_first("06 6982 1234 / 347 000 0001", "393470000001")]
#[case::local_one_first("581234 / 347 000 0001", "393470000001")]
#[case::the_same_fixed_line_twice("06 6982 1234 / +39 06 69821234", "390669821234")]
fn a_number_is_found_in_a_cell(#[case] cell: &str, #[case] found: &str) {
    let guest = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect("a guest");
    assert_eq!(digits(&guest), Some(found));
}

#[rstest]
#[case::empty("")]
#[case::blank("  ")]
#[case::dash("-")]
#[case::slash(" / ")]
#[case::question("?")]
fn a_cell_without_letters_and_digits_is_no_number(#[case] cell: &str) {
    let guest = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect("a guest");
    assert_eq!(guest.phone, None);
}

#[rstest]
#[case::scientific("3.93471E+11", "scientific_notation")]
#[case::scientific_with_a_comma("3,93471E+11", "scientific_notation")]
#[case::scientific_in_small_letters("3.93471e11", "scientific_notation")]
#[case::a_fixed_line_and_a_broken_one("06 6982 1234 / 12", "impossible_phone")]
#[case::a_sum("=3470000001+1", "unreadable_phone")]
#[case::words("non ce l'ha", "unreadable_phone")]
#[case::too_long("347 000 0001 2345 6789 1234", "unreadable_phone")]
#[case::too_short("+39 347 00", "impossible_phone")]
#[case::invented_country("+999 123 456", "unreadable_phone")]
#[case::a_day("2026-03-01", "unreadable_phone")]
fn a_cell_without_a_usable_number_says_why(#[case] cell: &str, #[case] code: &str) {
    let problem = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect_err("no number");
    assert_eq!(problem.code(), code);
}

#[rstest]
#[case::mobile_column_first("telefono;cellulare", "347 000 0001;348 000 0002", "393480000002")]
#[case::mobile_number_in_another(
    "cellulare;casa;telefono",
    "06 6982 1234;;347 000 0001",
    "393470000001"
)]
#[case::fixed_lines_and_one_is_said_to_be_mobile(
    "cellulare;telefono",
    "06 6982 1234;02 4801 1234",
    "390669821234"
)]
#[case::broken_mobile_column("cellulare;telefono", "3.93E+11;347 000 0001", "393470000001")]
fn several_columns_give_one_number(
    #[case] headers: &str,
    #[case] cells: &str,
    #[case] found: &str,
) {
    let guest = only(format!("nome;{headers}\nNicolò;{cells}\n")).expect("a guest");
    assert_eq!(digits(&guest), Some(found));
}

#[test]
fn numbers_without_prefix_belong_to_the_couples_country() {
    let uk = Country::parse("GB").expect("a country");
    let file = b"name,phone\nJane,07911 123456\n";
    let lines = guest_import::read(file, uk).expect("a readable file");
    let guest = lines[0].guest.as_ref().expect("a guest");
    assert_eq!(digits(guest), Some("447911123456"));
}

#[rstest]
#[case::mobile("347 000 0001", false)]
#[case::mobile_with_prefix("+39 347 000 0001", false)]
#[case::mobile_whose_plus_was_lost("393470000001", false)]
#[case::mobile_of_another_country("+44 7911 123456", false)]
#[case::mobile_by_zeros("0044 7911 123456", false)]
#[case::an_american_number("+1 212 555 2368", false)]
#[case::an_american_number_without_prefix("555 555 1111", true)]
#[case::fixed_line("06 6982 1234", true)]
#[case::fixed_line_with_prefix("+39 06 6982 1234", true)]
#[case::fixed_line_of_another_country("+44 20 7946 0958", true)]
#[case::internet_telephony_with_prefix("+39 555 555 1111", false)]
#[case::fixed_line_before_a_mobile_one("06 6982 1234 / 347 000 0001", false)]
#[case::two_fixed_lines("06 6982 1234 / 02 4801 1234", true)]
fn a_number_that_may_be_none_of_whatsapp_has_to_be_checked(
    #[case] cell: &str,
    #[case] check: bool,
) {
    let guest = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect("a guest");
    assert_eq!(phone(guest).needs_check, check);
}

#[test]
fn what_has_to_be_checked_depends_on_the_country() {
    let file = "nome;telefono\nNicolò;555 555 1111\n";
    let needs_check = |country| {
        let country = Country::parse(country).expect("a country");
        let lines = guest_import::read(file.as_bytes(), country).expect("a readable file");
        let guest = lines.into_iter().next().expect("a line").guest;
        guest.map(|guest| phone(guest).needs_check)
    };
    assert_eq!(needs_check("IT"), Ok(true));
    // in Mexico a mobile number has no sign of its own
    assert_eq!(needs_check("MX"), Ok(false));
}

#[rstest]
#[case::slash("347 123 4567 / 348 765 4321", "+39 348 765 4321")]
#[case::semicolon("347 123 4567; 348 765 4321", "+39 348 765 4321")]
#[case::comma("347 123 4567, 348 765 4321", "+39 348 765 4321")]
#[case::line_break("\"347 123 4567\n348 765 4321\"", "+39 348 765 4321")]
#[case::italian_or("347 123 4567 o 348 765 4321", "+39 348 765 4321")]
#[case::english_or("347 123 4567 or 348 765 4321", "+39 348 765 4321")]
#[case::fixed_line_first("06 6982 1234 / 347 123 4567", "+39 06 6982 1234")]
#[case::local_one_first("581234 / 347 123 4567", "581234")]
#[case::names_without_a_mark("Anna 347 123 4567 Luca 348 765 4321", "+39 348 765 4321")]
#[case::names_in_brackets("347 123 4567 (Anna) 348 765 4321 (Luca)", "+39 348 765 4321")]
#[case::another_word("347 123 4567 oder 348 765 4321", "+39 348 765 4321")]
#[case::kinds("cell 347 123 4567 casa 06 6982 1234", "+39 06 6982 1234")]
#[case::dash("347 123 4567 - 348 765 4321", "+39 348 765 4321")]
#[case::long_dash("347 123 4567 – 348 765 4321", "+39 348 765 4321")]
#[case::two_prefixes("+39 347 123 4567 +39 348 765 4321", "+39 348 765 4321")]
fn the_first_mobile_of_two_numbers_is_chosen_and_the_other_told(
    #[case] cell: &str,
    #[case] other: &str,
) {
    let guest = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect("a guest");
    let phone = phone(guest);
    assert_eq!(phone.number.digits(), "393471234567");
    assert_eq!(phone.others, [other]);
}

#[test]
fn the_numbers_of_several_columns_are_told_too() {
    let guest = lines(GOOGLE_NEW).swap_remove(1).guest.expect("a guest");
    let phone = phone(guest);
    assert_eq!(phone.number.digits(), "393480000008");
    assert_eq!(phone.others, ["+39 06 6982 1234", "+39 349 000 0009"]);
}

#[rstest]
#[case::two_fixed_lines("06 6982 1234 / 02 4801 1234", "390669821234", &["+39 02 4801 1234"])]
#[case::three("347 123 4567, 348 765 4321, 06 6982 1234", "393471234567", &["+39 348 765 4321", "+39 06 6982 1234"])]
#[case::one_twice("347 123 4567 / +39 3471234567", "393471234567", &[])]
#[case::one("347 123 4567", "393471234567", &[])]
fn every_other_number_is_told_once(
    #[case] cell: &str,
    #[case] chosen: &str,
    #[case] others: &[&str],
) {
    let guest = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect("a guest");
    let phone = phone(guest);
    assert_eq!(phone.number.digits(), chosen);
    assert_eq!(phone.others, others);
    let debugged = format!("{phone:?}");
    assert!(
        !debugged.contains(|c: char| c.is_ascii_digit()),
        "{debugged}"
    );
}

#[test]
fn a_number_hidden_behind_many_is_not_looked_for() {
    let cell = format!("{}347 000 0001", "12 / ".repeat(1_000));
    let problem = only(format!("nome\ttelefono\nNicolò\t{cell}\n")).expect_err("too many");
    assert_eq!(problem.code(), "impossible_phone");
}
