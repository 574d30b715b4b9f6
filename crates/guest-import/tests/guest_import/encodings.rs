//! Byte-order marks, encodings, line breaks and separators: the same guests come out of all.

use rstest::rstest;

use crate::world::{BY_HAND, IPHONE, expected, lines, only, read, told, with_crlf};

fn the_three() -> Vec<(u32, String)> {
    expected(&[
        (2, "Nicolò Rossi 393470000001"),
        (4, "Chiara Rossi"),
        (5, "Jane \"Jinny\" O'Neil 447911123456"),
    ])
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn marked(text: &str) -> String {
    format!("\u{FEFF}{text}")
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c).expect("a Latin-1 character"))
        .collect()
}

#[rstest]
#[case::utf_8(BY_HAND.into())]
#[case::utf_8_with_mark(marked(BY_HAND).into())]
#[case::utf_16_little_endian(utf_16(&marked(BY_HAND), u16::to_le_bytes))]
#[case::utf_16_big_endian(utf_16(&marked(BY_HAND), u16::to_be_bytes))]
#[case::utf_16_little_endian_without_mark(utf_16(BY_HAND, u16::to_le_bytes))]
#[case::utf_16_big_endian_without_mark(utf_16(BY_HAND, u16::to_be_bytes))]
#[case::latin_1(latin_1(BY_HAND))]
#[case::windows_line_breaks(with_crlf(BY_HAND).into())]
#[case::old_macintosh_line_breaks(BY_HAND.replace('\n', "\r").into())]
#[case::commas(BY_HAND.replace(';', ",").into())]
#[case::tabs(BY_HAND.replace(';', "\t").into())]
#[case::no_line_break_at_the_end(BY_HAND.trim_end().into())]
fn the_same_guests_come_out_of_every_way_to_write_a_table(#[case] file: Vec<u8>) {
    assert_eq!(told(&lines(file)), the_three());
}

#[rstest]
#[case::little_endian(u16::to_le_bytes)]
#[case::big_endian(u16::to_be_bytes)]
fn cards_in_utf_16_are_read_with_and_without_a_mark(#[case] bytes: fn(u16) -> [u8; 2]) {
    let guests = expected(&[
        (1, "Nicolò Rossi 393470000001"),
        (16, "Maria Antonietta Gioacchina Bianchi 393480000002"),
    ]);
    for card in [IPHONE.to_owned(), marked(IPHONE), with_crlf(IPHONE)] {
        assert_eq!(told(&lines(utf_16(&card, bytes))), guests);
    }
    // a file that was cut in the middle of a character
    let mut cut = utf_16(IPHONE, bytes);
    cut.pop();
    assert_eq!(told(&lines(cut))[0], guests[0]);
}

#[test]
fn marked_files_that_were_put_one_after_the_other_are_read() {
    let card = |name| marked(&format!("BEGIN:VCARD\nFN:{name}\nEND:VCARD\n"));
    let both = [card("Anna"), card("Luca")].concat();
    let guests = expected(&[(1, "Anna"), (4, "Luca")]);
    assert_eq!(told(&lines(utf_16(&both, u16::to_le_bytes))), guests);
    assert_eq!(told(&lines(both)), guests);
}

#[test]
fn a_line_that_tells_excel_the_separator_is_no_header() {
    let lines = lines("sep=;\r\nNome;Note\r\nNicolò;a, b\r\n");
    assert_eq!(told(&lines), expected(&[(3, "Nicolò")]));
}

#[test]
fn empty_lines_count_but_are_no_guests() {
    let lines = lines("\r\n\r\nNome;Note\r\n\r\nNicolò;\r\n;\r\n \r\nAnna;\r\n");
    assert_eq!(told(&lines), expected(&[(5, "Nicolò"), (8, "Anna")]));
}

#[test]
fn the_typographic_apostrophe_of_windows_1252_is_read() {
    let guest = only(b"Nome\nNiccol\xF2 D\x92Angelo\n").expect("a guest");
    assert_eq!(guest.name, "Niccolò D’Angelo");
}

#[test]
fn one_cell_in_another_encoding_does_not_spoil_the_rest() {
    let lines = lines(b"Nome\nNicol\xC3\xB2\nNicol\xF2 Bis\n");
    assert_eq!(told(&lines), expected(&[(2, "Nicolò"), (3, "Nicolò Bis")]));
}

#[rstest]
#[case::picture(b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR")]
#[case::zeros(b"\0\0\0\0")]
#[case::utf_32(b"N\0\0\0o\0\0\0")]
#[case::zero_among_letters(b"Nome\nAnn\0a\n")]
fn what_is_not_text_is_refused_as_a_whole(#[case] file: &[u8]) {
    assert_eq!(read(file).expect_err("not text").code(), "not_text");
}
