//! Message texts at their borders.

use domain::message_text::{InvalidText, MessageText};

#[test]
fn the_longest_text_is_65536_characters_not_bytes() {
    let longest = "💍".repeat(MessageText::MAX_CHARS);
    assert_eq!(MessageText::parse(longest).expect("fits").chars(), 65_536);
    let too_long = "a".repeat(MessageText::MAX_CHARS + 1);
    assert_eq!(
        MessageText::parse(too_long),
        Err(InvalidText::TooLong(65_537))
    );
}

#[test]
fn empty_blank_and_nul_are_refused() {
    assert_eq!(MessageText::parse(""), Err(InvalidText::Empty));
    assert_eq!(MessageText::parse(" \n\t"), Err(InvalidText::Empty));
    assert_eq!(MessageText::parse("a\0b"), Err(InvalidText::Nul));
}

#[test]
fn debug_and_json_errors_never_show_the_text() {
    let text = MessageText::parse("a secret").expect("valid");
    assert_eq!(format!("{text:?}"), "MessageText(8 chars)");
}
