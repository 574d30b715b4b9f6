//! How the tests read files, and the files themselves. All numbers are made up.

use domain::phone_number::Country;
use guest_import::{ChosenPhone, DraftGuest, Line, LineProblem, Unreadable};

pub(crate) const BY_HAND: &str = include_str!("fixtures/by_hand.csv");
pub(crate) const GOOGLE_OLD: &str = include_str!("fixtures/google_old.csv");
pub(crate) const GOOGLE_NEW: &str = include_str!("fixtures/google_new.csv");
pub(crate) const OUTLOOK: &str = include_str!("fixtures/outlook.csv");
pub(crate) const OUTLOOK_ITALIAN: &str = include_str!("fixtures/outlook_italian.csv");
pub(crate) const IPHONE: &str = include_str!("fixtures/iphone_3_0.vcf");
pub(crate) const ANDROID: &str = include_str!("fixtures/android_2_1.vcf");
pub(crate) const WHATSAPP: &str = include_str!("fixtures/whatsapp_3_0.vcf");
pub(crate) const CONTACTS_4: &str = include_str!("fixtures/contacts_4_0.vcf");
pub(crate) const ICLOUD: &str = include_str!("fixtures/icloud_3_0.vcf");

/// Every fixture, as material for mutations.
pub(crate) const ALL: [&str; 10] = [
    BY_HAND,
    GOOGLE_OLD,
    GOOGLE_NEW,
    OUTLOOK,
    OUTLOOK_ITALIAN,
    IPHONE,
    ANDROID,
    WHATSAPP,
    CONTACTS_4,
    ICLOUD,
];

pub(crate) fn read(file: impl AsRef<[u8]>) -> Result<Vec<Line>, Unreadable> {
    guest_import::read(file.as_ref(), Country::ITALY)
}

/// The lines of a file that is readable as a whole.
pub(crate) fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
    read(file).expect("a readable file")
}

/// What the only line of a file became.
pub(crate) fn only(file: impl AsRef<[u8]>) -> Result<DraftGuest, LineProblem> {
    let lines = lines(file);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.into_iter().next().expect("one line").guest
}

/// Line numbers, each with the code of its problem or the guest's name and digits.
pub(crate) fn told(lines: &[Line]) -> Vec<(u32, String)> {
    lines
        .iter()
        .map(|line| (line.number, in_words(&line.guest)))
        .collect()
}

fn in_words(guest: &Result<DraftGuest, LineProblem>) -> String {
    match guest {
        Ok(guest) => match digits(guest) {
            Some(digits) => format!("{} {digits}", guest.name),
            None => guest.name.clone(),
        },
        Err(problem) => problem.code().to_owned(),
    }
}

pub(crate) fn digits(guest: &DraftGuest) -> Option<&str> {
    guest.phone.as_ref().map(|phone| phone.number.digits())
}

/// The number of a guest who has one.
pub(crate) fn phone(guest: DraftGuest) -> ChosenPhone {
    guest.phone.expect("a number")
}

/// What is expected of `told`.
pub(crate) fn expected(lines: &[(u32, &str)]) -> Vec<(u32, String)> {
    lines
        .iter()
        .map(|(number, text)| (*number, (*text).to_owned()))
        .collect()
}

/// The same file as Windows ends its lines.
pub(crate) fn with_crlf(file: &str) -> String {
    file.replace('\n', "\r\n")
}
