//! The largest files, and those just beyond.

use std::fmt::Write as _;

use guest_import::{MAX_BYTES, MAX_LINES, Unreadable};

use rstest::rstest;

use crate::world::{lines, read};

fn table(guests: usize) -> String {
    let mut file = "nome;telefono\n".to_owned();
    for at in 0..guests {
        // parsing numbers is the dear part: every tenth has one
        let number = if at % 10 == 0 { "347 000 0001" } else { "" };
        writeln!(file, "Ospite {at};{number}").expect("a string takes everything");
    }
    file
}

fn cards(guests: usize) -> String {
    let mut file = String::new();
    for at in 0..guests {
        write!(file, "BEGIN:VCARD\nFN:Ospite {at}\nEND:VCARD\n")
            .expect("a string takes everything");
    }
    file
}

#[test]
fn a_table_of_50_000_lines_is_read_and_one_more_is_too_many() {
    let read_lines = lines(table(MAX_LINES));
    assert_eq!(read_lines.len(), MAX_LINES);
    assert!(read_lines.iter().all(|line| line.guest.is_ok()));
    assert_eq!(read_lines[MAX_LINES - 1].number, 50_001);
    assert_eq!(read(table(MAX_LINES + 1)), Err(Unreadable::TooManyLines));
}

#[test]
fn a_file_of_50_000_cards_is_read_and_one_more_is_too_many() {
    assert_eq!(lines(cards(MAX_LINES)).len(), MAX_LINES);
    assert_eq!(read(cards(MAX_LINES + 1)), Err(Unreadable::TooManyLines));
}

#[test]
fn the_last_card_counts_even_without_an_end() {
    let file = cards(MAX_LINES) + "BEGIN:VCARD\nFN:Anna\n";
    assert_eq!(read(file), Err(Unreadable::TooManyLines));
}

#[test]
fn a_file_of_10_mib_is_read_and_one_more_byte_is_too_large() {
    let mut file = "nome\nAnna\n".to_owned();
    file.push_str(&"\n".repeat(MAX_BYTES - file.len()));
    assert_eq!(lines(&file).len(), 1);
    file.push('\n');
    assert_eq!(read(&file), Err(Unreadable::TooLarge));
}

#[test]
fn a_line_of_10_mib_is_one_bad_line() {
    let name = "x".repeat(MAX_BYTES - 5);
    let read_lines = lines(format!("nome\n{name}"));
    assert_eq!(
        read_lines[0].guest.as_ref().expect_err("too long").code(),
        "too_long"
    );
}

/// Each of these once took, or would take, time that grows with the square of the file.
#[rstest]
#[case::slashes("nome;telefono\nAnna;1", "/")]
#[case::digits("nome;telefono\nAnna;", "1")]
#[case::numbers("nome;telefono\nAnna;", "3470000001/")]
#[case::quotation_marks("nome;telefono\nAnna;", "\"")]
#[case::soft_breaks("BEGIN:VCARD\nFN;QUOTED-PRINTABLE:", "=\n")]
#[case::folds("BEGIN:VCARD\nFN:", "\n ")]
#[case::groups("BEGIN:VCARD\n", "a.")]
#[case::numbers_of_a_card("BEGIN:VCARD\nFN:Anna\n", "TEL:3470000001\n")]
#[case::parts_of_a_name("BEGIN:VCARD\nN:", "\\;;")]
fn a_long_file_of_one_thing_is_read_in_one_pass(#[case] begins: &str, #[case] repeated: &str) {
    let file = begins.to_owned() + &repeated.repeat(1_000_000 / repeated.len());
    assert!(lines(file).len() == 1);
}
