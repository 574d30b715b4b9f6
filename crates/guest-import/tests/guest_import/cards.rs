//! vCards as phones export them, and as they arrive when something went wrong on the way.

use domain::config::Language;
use rstest::rstest;

use crate::world::{
    ANDROID, CONTACTS_4, ICLOUD, IPHONE, WHATSAPP, digits, expected, lines, only, phone, told,
    with_crlf,
};

fn card(properties: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\n{properties}\nEND:VCARD\n")
}

#[rstest]
#[case::iphone(IPHONE, &[
    (1, "Nicolò Rossi 393470000001"),
    (16, "Maria Antonietta Gioacchina Bianchi 393480000002"),
])]
#[case::android(ANDROID, &[(1, "Zia Marta Però 393470000003"), (14, "Ugo Calabrò 393480000004")])]
#[case::whatsapp(WHATSAPP, &[(1, "Zia Pina 393490000005")])]
#[case::icloud(ICLOUD, &[
    (1, "Zia Pina Esposito 393470000006"),
    (15, "Laura Ferri 393480000007"),
    (26, "Nonno Ugo 390669821234"),
])]
#[case::version_4(CONTACTS_4, &[(1, "Jane O'Neil, the second 447911123456")])]
fn phones_export_what_is_read(#[case] file: &str, #[case] guests: &[(u32, &str)]) {
    assert_eq!(told(&lines(file)), expected(guests), "LF");
    assert_eq!(told(&lines(with_crlf(file))), expected(guests), "CR LF");
    assert_eq!(
        told(&lines(file.replace('\n', "\r"))),
        expected(guests),
        "CR"
    );
    assert_eq!(
        told(&lines(format!("\u{FEFF}\n{file}")))[0].0,
        2,
        "mark and empty line"
    );
}

#[test]
fn version_4_names_a_language() {
    assert_eq!(
        only(CONTACTS_4).expect("a guest").language,
        Some(Language::English)
    );
    let french = only(card("FN:Anna\nLANG:fr")).expect("a guest");
    assert_eq!(french.language, None);
}

#[rstest]
#[case::formatted("FN:Anna\nN:Rossi;Nicolò;;;", "Anna")]
#[case::parts("N:Rossi;Nicolò;Maria;Dr.;jr.", "Nicolò Maria Rossi")]
#[case::empty_formatted("FN:\nN:Rossi;Nicolò", "Nicolò Rossi")]
#[case::number_as_formatted("FN:347 000 0001\nN:;Nicolò", "Nicolò")]
#[case::family_alone("N:Rossi", "Rossi")]
#[case::nickname("N:;;;;\nNICKNAME:Nico", "Nico")]
#[case::organization("ORG:Panificio Rossi\\; figli;Forno", "Panificio Rossi; figli")]
#[case::escaped("FN:Rossi\\, Nicolò\\; \\\\o/", "Rossi, Nicolò; \\o/")]
#[case::escaped_parts("N:De\\;Rossi;Nicolò", "Nicolò De;Rossi")]
#[case::line_break_inside("FN:Nicolò\\nRossi", "Nicolò Rossi")]
#[case::folded_with_a_tab("FN:Nico\n\tlò", "Nicolò")]
#[case::folded_in_the_parameters("FN;X-LONG=1\n ;CHARSET=UTF-8:Nicolò", "Nicolò")]
#[case::colon_in_a_quoted_parameter("FN;X-A=\"b:c\":Nicolò", "Nicolò")]
#[case::a_mark_never_closed("FN;X-A=\"b:Nicolò", "Nicolò")]
#[case::group_and_small_letters("item2.fn:Nicolò", "Nicolò")]
#[case::base_64("FN;ENCODING=b:Tmljb2zDsg==", "Nicolò")]
#[case::quoted_printable("FN;QUOTED-PRINTABLE:Nicol=C3=b2", "Nicolò")]
#[case::quoted_printable_latin("FN;ENCODING=QUOTED-PRINTABLE:Nicol=F2", "Nicolò")]
#[case::quoted_printable_greek(
    "FN;CHARSET=ISO-8859-7;ENCODING=QUOTED-PRINTABLE:=C1=ED=ED=E1",
    "Αννα"
)]
#[case::quoted_printable_broken("FN;ENCODING=QUOTED-PRINTABLE:Nico=ZZ=", "Nico=ZZ=")]
#[case::quoted_printable_with_a_space("FN;ENCODING=QUOTED-PRINTABLE:Nico=\n Rossi", "Nico Rossi")]
#[case::formula("FN:=1+1", "=1+1")]
fn a_name_is_read(#[case] properties: &str, #[case] name: &str) {
    assert_eq!(only(card(properties)).expect("a guest").name, name);
}

#[test]
fn names_in_eight_bits_are_read_whatever_the_card_says() {
    let utf_8 = "BEGIN:VCARD\nFN;CHARSET=ISO-8859-1:Nicolò\nEND:VCARD\n";
    assert_eq!(only(utf_8).expect("a guest").name, "Nicolò");
    let latin_1 = b"BEGIN:VCARD\nFN;CHARSET=UTF-8:Nicol\xF2\nEND:VCARD\n";
    assert_eq!(only(latin_1).expect("a guest").name, "Nicolò");
}

#[rstest]
#[case::a_cell_before_a_home(
    "TEL;TYPE=HOME:347 000 0001\nTEL;TYPE=CELL:348 000 0002",
    Some("393480000002")
)]
#[case::a_list_of_types(
    "TEL;TYPE=home:347 000 0001\nTEL;TYPE=\"voice,cell\":348 000 0002",
    Some("393480000002")
)]
#[case::a_mobile_number_called_home(
    "TEL;CELL:06 6982 1234\nTEL;HOME:347 000 0001",
    Some("393470000001")
)]
#[case::in_a_group("item1.TEL;type=pref:347 000 0001", Some("393470000001"))]
#[case::a_uri("TEL;VALUE=uri:TEL:+39-347-000-0001;ext=12", Some("393470000001"))]
#[case::a_fax_alone("TEL;WORK;FAX:06 6982 1234", None)]
#[case::an_empty_one("TEL;CELL:", None)]
#[case::none("EMAIL:a@example.org", None)]
fn a_number_is_chosen(#[case] properties: &str, #[case] number: Option<&str>) {
    let guest = only(card(&format!("FN:Anna\n{properties}"))).expect("a guest");
    assert_eq!(digits(&guest), number);
}

#[test]
fn the_other_numbers_of_a_card_are_told() {
    let card = card(
        "FN:Anna\nTEL;TYPE=HOME:06 6982 1234\nTEL;TYPE=CELL:347 000 0001\nTEL;TYPE=CELL:348 000 0002",
    );
    let phone = phone(only(card).expect("a guest"));
    assert_eq!(phone.number.digits(), "393470000001");
    assert_eq!(phone.others, ["+39 348 000 0002", "+39 06 6982 1234"]);
}

#[test]
fn a_card_with_a_fixed_line_alone_has_to_be_checked() {
    let checks: Vec<_> = lines(ICLOUD)
        .into_iter()
        .map(|line| phone(line.guest.expect("a guest")).needs_check)
        .collect();
    assert_eq!(checks, [false, false, true]);
}

#[rstest]
#[case::no_name("TEL:347 000 0001", "missing_name")]
#[case::a_number_as_a_name("FN:+39 347 000 0001\nTEL:347 000 0001", "missing_name")]
#[case::nothing("", "missing_name")]
#[case::impossible("FN:Anna\nTEL:12", "impossible_phone")]
#[case::scientific("FN:Anna\nTEL:3.93471E+11", "scientific_notation")]
#[case::control("FN:An\u{7}na", "control_character")]
fn a_card_is_refused_by_the_line_of_its_beginning(#[case] properties: &str, #[case] code: &str) {
    let file = format!("{}\n{}", card("FN:Ospite"), card(properties));
    assert_eq!(told(&lines(file)), expected(&[(1, "Ospite"), (6, code)]));
}

#[test]
fn a_card_without_an_end_ends_where_the_next_one_begins() {
    let file = "BEGIN:VCARD\nFN:Anna\nBEGIN:VCARD\nFN:Nicolò\nEND:VCARD\nBEGIN:VCARD\nFN:Dina\n";
    assert_eq!(
        told(&lines(file)),
        expected(&[(1, "Anna"), (3, "Nicolò"), (6, "Dina")])
    );
}

#[test]
fn a_soft_break_before_an_end_does_not_swallow_the_next_card() {
    let file = "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:Anna=\nEND:VCARD\nbegin:vcard\nFN:Nicolò\nend:vcard\n";
    assert_eq!(told(&lines(file))[1], (4, "Nicolò".to_owned()));
}

#[test]
fn half_a_number_at_the_end_of_a_file_is_not_taken_for_a_whole_one() {
    let file = format!(
        "{}BEGIN:VCARD\nFN:Anna\nTEL:+39 347 000 000",
        card("FN:Ospite")
    );
    assert_eq!(
        told(&lines(file)),
        expected(&[(1, "Ospite"), (5, "cut_off")])
    );
}

#[test]
fn text_between_cards_is_told_once() {
    let file = format!(
        "{}\nFN:Nobody\nTEL:347 000 0001\n{}",
        card("FN:Anna"),
        card("FN:Dina")
    );
    assert_eq!(
        told(&lines(file)),
        expected(&[(1, "Anna"), (6, "outside_card"), (8, "Dina")])
    );
}

#[test]
fn photos_of_megabytes_are_stepped_over() {
    let folded = format!(" {}\n", "QUJD".repeat(18)).repeat(60_000);
    let flat = "QUJD".repeat(1_000_000);
    let file = format!(
        "BEGIN:VCARD\nPHOTO;ENCODING=b;TYPE=JPEG:QUJD\n{folded}PHOTO;BASE64:{flat}\nFN:Anna\nEND:VCARD\n"
    );
    assert_eq!(told(&lines(file)), expected(&[(1, "Anna")]));
}
