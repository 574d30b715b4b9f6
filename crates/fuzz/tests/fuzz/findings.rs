//! Defects that fuzzing or reading for it found, one named test each. Each failed before its defect was mended.

use std::sync::mpsc;
use std::time::Duration;

use domain::phone_number::{Country, InvalidPhoneNumber, PhoneNumber};
use storage::LiveCursor;

/// The work for a row does not grow with the width of the header: both together were a quadratic amount of it, hours for
/// a file of the permitted size.
#[test]
fn a_wide_header_costs_nothing_for_each_row() {
    let header = format!("nome{}\n", ",".repeat(1_000_000));
    let file = header + &"a\n".repeat(20_000);
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || done.send(guest_import::read(file.as_bytes(), Country::ITALY)));
    // some hundred milliseconds; before, 20,000 times a million columns several times over
    let lines = wait.recv_timeout(Duration::from_mins(1)).expect("it ends");
    assert_eq!(lines.map(|lines| lines.len()), Ok(20_000));
}

/// An event cursor has one spelling: signs and leading zeros are not accepted.
#[test]
fn an_event_cursor_has_one_spelling() {
    for text in ["+1-2", "1-+2", "01-2", "1-02", "1--0", "-0-1"] {
        assert!(text.parse::<LiveCursor>().is_err(), "{text}");
    }
    for text in ["0-0", "1-2", "9223372036854775807-10"] {
        assert_eq!(
            text.parse::<LiveCursor>()
                .map(|cursor| cursor.to_string())
                .as_deref(),
            Ok(text)
        );
    }
}

/// The table of Germany's numbers permits 14 digits after the country code; an international number has 15 in all.
#[test]
fn a_number_of_more_than_fifteen_digits_is_refused() {
    let country = Country::parse("DE").unwrap();
    let parsed = PhoneNumber::parse("5 /49 15 /49 1512 /789", country);
    assert_eq!(parsed, Err(InvalidPhoneNumber::Impossible));
    let of_fifteen = PhoneNumber::parse("+4954915491512789".get(..16).unwrap(), country);
    assert!(of_fifteen.is_ok_and(|phone| phone.digits().len() == 15));
}

/// The library sliced from behind `tel:` to the context before it, and panicked.
#[test]
fn a_number_whose_scheme_follows_its_context_is_refused() {
    let parsed = PhoneNumber::parse("3470000001;phone-context=+39;tel:", Country::ITALY);
    assert_eq!(parsed, Err(InvalidPhoneNumber::Unreadable));
    let uri = PhoneNumber::parse("tel:3470000001;phone-context=+39", Country::ITALY);
    assert!(uri.is_ok());
}

/// A mark of writing direction between spaces left both spaces: the name began with one, or had two in a row.
#[test]
fn a_direction_mark_leaves_no_space_behind() {
    let name = |written: &str| {
        let file = format!("nome\n{written}\n");
        let lines = guest_import::read(file.as_bytes(), Country::ITALY).unwrap();
        lines[0].guest.clone().unwrap().name
    };
    assert_eq!(name("\u{202E} Anna"), "Anna");
    assert_eq!(name("Anna \u{200E} Rossi"), "Anna Rossi");
}
