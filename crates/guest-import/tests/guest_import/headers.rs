//! Which column holds what, and files whose header says nothing.

use domain::config::Language;
use rstest::rstest;

use crate::world::{
    GOOGLE_NEW, GOOGLE_OLD, OUTLOOK, OUTLOOK_ITALIAN, digits, expected, lines, only, read, told,
};

#[test]
fn every_column_finds_its_place_in_any_order() {
    let file = "Lingua,Tavolo,Da parte di,Invito,N° di telefono,COGNOME,nome\n\
                en,7,groom-2,I Rossi,347 000 0001,Rossi,Nicolò\n";
    let guest = only(file).expect("a guest");
    assert_eq!(guest.name, "Nicolò Rossi");
    assert_eq!(digits(&guest), Some("393470000001"));
    assert_eq!(guest.household.as_deref(), Some("I Rossi"));
    assert_eq!(guest.side.as_deref(), Some("groom-2"));
    assert_eq!(guest.language, Some(Language::English));
}

#[rstest]
#[case::old_google(GOOGLE_OLD, &[(2, "Nicolò Rossi 393470000001"), (4, "Zia Pina 393480000002")])]
#[case::new_google(GOOGLE_NEW, &[(2, "Anna Maria Bianchi 393470000003"), (3, "Luca Verdi 393480000008")])]
#[case::outlook(OUTLOOK, &[(2, "Anna Bianchi 393470000003")])]
#[case::italian_outlook(OUTLOOK_ITALIAN, &[(2, "Anna Maria Bianchi 393470000003")])]
fn address_books_export_what_is_read(#[case] file: &str, #[case] guests: &[(u32, &str)]) {
    assert_eq!(told(&lines(file)), expected(guests));
}

#[rstest]
#[case::italian("nome")]
#[case::english("name")]
#[case::shouted("NOME ")]
#[case::quoted("\"Nome\"")]
#[case::first_name("First Name")]
#[case::given_name("Given Name")]
#[case::family_name("Cognome")]
#[case::whole_name("Nome e cognome")]
#[case::guest("Invitato")]
#[case::starred("* Nome *")]
fn a_name_has_many_headers(#[case] header: &str) {
    assert_eq!(
        only(format!("{header}\nNicolò\n")).expect("a guest").name,
        "Nicolò"
    );
}

#[rstest]
#[case("telefono")]
#[case("Tel.")]
#[case("Cellulare")]
#[case("Numero")]
#[case("Phone")]
#[case("Phone 3 - Value")]
#[case("Mobile Phone")]
#[case("WhatsApp")]
#[case("Home Phone 2")]
fn a_phone_has_many_headers(#[case] header: &str) {
    let guest = only(format!("nome;{header}\nNicolò;3470000001\n")).expect("a guest");
    assert_eq!(digits(&guest), Some("393470000001"));
}

#[rstest]
#[case::composed("Nucleo famíliare")]
#[case::decomposed("Nucleo fami\u{301}liare")]
fn accents_in_headers_do_not_matter(#[case] header: &str) {
    let guest = only(format!("nome;{header}\nNicolò;I Rossi\n")).expect("a guest");
    assert_eq!(guest.household.as_deref(), Some("I Rossi"));
}

#[rstest]
#[case("it", Some(Language::Italian))]
#[case(" Italiano ", Some(Language::Italian))]
#[case("EN", Some(Language::English))]
#[case("en-GB", Some(Language::English))]
#[case("", None)]
fn languages_have_many_names(#[case] written: &str, #[case] language: Option<Language>) {
    let guest = only(format!("nome;lingua\nNicolò;{written}\n")).expect("a guest");
    assert_eq!(guest.language, language);
}

#[rstest]
#[case::no_header("Nicolò Rossi;3470000001\n")]
#[case::phones_alone("telefono;cellulare\n3470000001;3470000002\n")]
#[case::prose("Dear all, here is my list\n")]
fn a_file_that_names_no_name_is_refused_with_what_is_understood(#[case] file: &str) {
    let refused = read(file).expect_err("no name column");
    assert_eq!(refused.code(), "no_name_column");
    let sentence = refused.to_string();
    for header in [
        "nome",
        "cognome",
        "phone value",
        "famiglia",
        "side",
        "language",
    ] {
        assert!(sentence.contains(header), "{header} is not in: {sentence}");
    }
    assert!(!sentence.contains("347"));
}

#[rstest]
#[case::in_an_unknown_column("nome;\"note\nNicolò;x\n")]
#[case::closed_by_somebody_else("nome;\"note\nNicolò;\"x\"\n")]
fn a_header_that_swallows_guests_is_refused(#[case] file: &str) {
    assert_eq!(
        read(file).expect_err("a broken header").code(),
        "open_quote_in_header"
    );
}

#[rstest]
#[case::nothing("")]
#[case::white_space(" \r\n\t\n")]
#[case::a_mark_alone("\u{FEFF}")]
#[case::a_header_alone("nome;telefono\n")]
#[case::a_separator_alone("sep=;\n")]
#[case::empty_rows("nome;telefono\n;\n  ;\n")]
fn a_file_without_guests_is_refused(#[case] file: &str) {
    assert_eq!(read(file).expect_err("no guests").code(), "empty");
}
