//! One phone number out of all that a line offers: cells with several numbers, several columns, several `TEL`.
//! A mobile one wins, because WhatsApp lives on mobile phones; a fixed line is taken only when there is no choice.

use domain::phone_number::{Country, InvalidPhoneNumber, PhoneNumber};
use rlibphonenumber::PhoneNumberType;

use crate::LineProblem;

/// What the column or the card says about a number. The better one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A mobile phone.
    Mobile,
    /// A phone.
    Phone,
    /// Home, work, or another place where a phone hangs on a wall.
    Place,
}

/// A cell or a value that holds numbers.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

/// How many numbers of one line are looked at: parsing is dear, and nobody has more.
const MAX_NUMBERS: usize = 6;

/// Digits of an area or operator code: `347/0000001` is one number, `347 000 0001/348 000 0002` are two.
const MAX_CODE_DIGITS: usize = 5;

/// The number to use; nothing when none is written.
pub(crate) fn choose(
    mut written: Vec<Written>,
    country: Country,
) -> Result<Option<PhoneNumber>, LineProblem> {
    written.retain(|w| w.text.chars().any(char::is_alphanumeric));
    if written.is_empty() {
        return Ok(None);
    }
    written.sort_by_key(|w| w.kind);
    let numbers: Vec<_> = written
        .iter()
        .flat_map(|w| numbers_in(&w.text).into_iter().map(|text| (w.kind, text)))
        .take(MAX_NUMBERS)
        .collect();
    let chosen = match numbers.as_slice() {
        [(_, only)] => PhoneNumber::parse(only, country).map_err(LineProblem::Phone),
        several => of_several(several, country),
    };
    match chosen {
        Err(_) if written.iter().any(|w| is_scientific(&w.text)) => {
            Err(LineProblem::ScientificNotation)
        }
        chosen => chosen.map(Some),
    }
}

/// The first mobile number; else the one that is said to be mobile; else the only one there is, written twice.
fn of_several(numbers: &[(Kind, String)], country: Country) -> Result<PhoneNumber, LineProblem> {
    let mut fixed = Vec::new();
    let mut invalid = None;
    for (kind, text) in numbers {
        match PhoneNumber::parse(text, country) {
            Ok(number) if is_mobile(&number) => return Ok(number),
            Ok(number) => fixed.push((*kind, number)),
            Err(problem) => invalid = invalid.or(Some(problem)),
        }
    }
    let said_mobile = fixed.iter().filter(|(kind, _)| *kind == Kind::Mobile);
    if let Some(number) = the_only(said_mobile) {
        return Ok(number.clone());
    }
    match (invalid, the_only(fixed.iter())) {
        (Some(problem), _) => Err(LineProblem::Phone(problem)),
        (None, Some(number)) => Ok(number.clone()),
        (None, None) if fixed.is_empty() => Err(InvalidPhoneNumber::Unreadable.into()),
        (None, None) => Err(LineProblem::NoMobileNumber),
    }
}

/// The number, when it is the same each time.
fn the_only<'a>(
    mut numbers: impl Iterator<Item = &'a (Kind, PhoneNumber)>,
) -> Option<&'a PhoneNumber> {
    let (_, first) = numbers.next()?;
    numbers.all(|(_, other)| other == first).then_some(first)
}

fn is_mobile(number: &PhoneNumber) -> bool {
    use PhoneNumberType::{FixedLineOrMobile, Mobile};
    rlibphonenumber::PhoneNumber::parse(format!("+{}", number.digits()), None)
        .is_ok_and(|number| matches!(number.get_type(), Mobile | FixedLineOrMobile))
}

/// `3.93471E+11`, which a spreadsheet leaves of a number: what stands around the E is its own text then.
fn is_scientific(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| {
        w[0].is_ascii_digit()
            && w[1].eq_ignore_ascii_case(&b'e')
            && (w[2] == b'+' || w[2].is_ascii_digit())
    })
}

/// The numbers of one cell, each without what stands around it.
fn numbers_in(text: &str) -> Vec<String> {
    if is_scientific(text) {
        return Vec::new();
    }
    text.split([';', ',', '|', '&', ':', '\r', '\n', '\t'])
        .flat_map(between_words)
        .flat_map(|part| between_slashes(&part))
        .filter_map(|part| number_alone(&part))
        .collect()
}

/// Parts around `o`, `e`, `or` and their like.
fn between_words(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in text.split_whitespace() {
        let separates = ["o", "e", "oppure", "or", "and"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
        match parts.last_mut() {
            Some(part) if !separates => {
                part.push_str(word);
                part.push(' ');
            }
            _ => parts.push(String::new()),
        }
    }
    parts
}

/// Parts around `/`, where too few digits belong to the part that follows.
fn between_slashes(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut digits = 0;
    for piece in text.split('/') {
        part.push_str(piece);
        digits += piece.chars().filter(|c| c.is_numeric()).count();
        if digits > MAX_CODE_DIGITS {
            parts.push(std::mem::take(&mut part));
            digits = 0;
        } else {
            part.push(' ');
        }
    }
    parts.push(part);
    parts
}

/// From the first digit or `+` up to the first letter or quotation mark after it; `tel. 347 … (casa)`, `="347…"`.
fn number_alone(text: &str) -> Option<String> {
    let begins = text.find(|c: char| c.is_numeric() || c == '+' || c == '＋')?;
    let text = &text[begins..];
    let ends = text.find(|c: char| c.is_alphabetic() || c == '"');
    let number = text[..ends.unwrap_or(text.len())].trim_end_matches(['(', ' ', '-', '.']);
    // a column of numbers that a program took for decimals
    let number = match number.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => number,
    };
    number.contains(char::is_numeric).then(|| number.to_owned())
}
