//! One phone number out of all that a line offers: cells with several numbers, several columns, several `TEL`.
//! The first mobile number is chosen, because WhatsApp is used on mobile phones; else the first, which has to be confirmed.

use std::fmt;

use domain::phone_number::{Country, InvalidPhoneNumber, LineType, PhoneNumber};

use crate::LineProblem;

/// The number of a guest, chosen from all that the line holds.
#[derive(Clone, PartialEq, Eq)]
pub struct ChosenPhone {
    /// The number to use.
    pub number: PhoneNumber,
    /// Whether a person has to confirm the number: it is a fixed line, or has no prefix and is no mobile number of the country.
    pub needs_check: bool,
    /// The other numbers of the line, in international form; those that cannot be read, as they are written.
    pub others: Vec<String>,
}

// A number in a log is a leak: show only whether it has to be confirmed.
impl fmt::Debug for ChosenPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChosenPhone")
            .field("needs_check", &self.needs_check)
            .finish_non_exhaustive()
    }
}

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

/// Digits before a dash that are a whole number: `+39 0721 - 123456` is one number.
const MIN_DIGITS_BEFORE_DASH: usize = 8;

/// The number to use; nothing when none is written.
pub(crate) fn choose(
    mut written: Vec<Written>,
    country: Country,
) -> Result<Option<ChosenPhone>, LineProblem> {
    written.retain(|w| w.text.chars().any(char::is_alphanumeric));
    if written.is_empty() {
        return Ok(None);
    }
    written.sort_by_key(|w| w.kind);
    let numbers = written.iter().flat_map(|w| numbers_in(&w.text));
    match best_of(numbers.take(MAX_NUMBERS), country) {
        Err(_) if written.iter().any(|w| is_scientific(&w.text)) => {
            Err(LineProblem::ScientificNotation)
        }
        chosen => Ok(Some(chosen?)),
    }
}

/// A number as it is written, and what it reads as.
type Candidate = (String, Result<(PhoneNumber, LineType), InvalidPhoneNumber>);

fn best_of(
    texts: impl Iterator<Item = String>,
    country: Country,
) -> Result<ChosenPhone, InvalidPhoneNumber> {
    let mut candidates: Vec<Candidate> = texts
        .map(|text| (text.clone(), PhoneNumber::parse_typed(&text, country)))
        .collect();
    let (text, parsed) = candidates.remove(best_place(&candidates)?);
    let (number, line_type) = parsed?;
    let unused = |(text, parsed): Candidate| match parsed {
        Ok((other, _)) => (other != number).then(|| other.international()),
        Err(_) => Some(text),
    };
    let mut others: Vec<_> = candidates.into_iter().filter_map(unused).collect();
    others.dedup();
    Ok(ChosenPhone {
        needs_check: needs_check(&text, line_type),
        number,
        others,
    })
}

/// The first mobile number, else the first. A broken one may be the mobile one, so without a mobile it refuses the line.
fn best_place(candidates: &[Candidate]) -> Result<usize, InvalidPhoneNumber> {
    let is_mobile = |(_, parsed): &Candidate| matches!(parsed, Ok((_, LineType::Mobile)));
    if let Some(place) = candidates.iter().position(is_mobile) {
        return Ok(place);
    }
    let broken = candidates
        .iter()
        .find_map(|(_, parsed)| parsed.as_ref().err());
    match broken {
        Some(problem) => Err(*problem),
        None if candidates.is_empty() => Err(InvalidPhoneNumber::Unreadable),
        None => Ok(0),
    }
}

/// A fixed line rarely has WhatsApp, and without a prefix another country's number passes for one of the default country.
fn needs_check(text: &str, line_type: LineType) -> bool {
    let has_prefix = text.starts_with(['+', '＋']) || text.starts_with("00");
    match line_type {
        LineType::Mobile => false,
        LineType::Fixed => true,
        LineType::Other => !has_prefix,
    }
}

/// `3.93471E+11`, which a spreadsheet leaves of a number: what stands around the E is its own text then.
fn is_scientific(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| {
        w[0].is_ascii_digit()
            && w[1].eq_ignore_ascii_case(&b'e')
            && (w[2] == b'+' || w[2].is_ascii_digit())
    })
}

/// `3.93471234567E+11` still holds every digit: as many stand behind the point as the exponent says.
fn exact_scientific(text: &str) -> Option<String> {
    let (number, exponent) = text.trim().split_once(['e', 'E'])?;
    let (whole, decimals) = number.split_once(['.', ','])?;
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let all = [whole, decimals].concat();
    let is_exact = decimals.len() == exponent && all.bytes().all(|b| b.is_ascii_digit());
    is_exact.then_some(all)
}

/// `2026-03-01`: spreadsheets turn some numbers into days, and the digits are lost.
fn is_day(text: &str) -> bool {
    let digit_as_zero = |c: char| if c.is_ascii_digit() { '0' } else { c };
    text.starts_with(['1', '2'])
        && text.len() == 10
        && text.chars().map(digit_as_zero).eq("0000-00-00".chars())
}

/// The numbers of one cell, each without what stands around it.
fn numbers_in(text: &str) -> Vec<String> {
    if let Some(number) = exact_scientific(text) {
        return vec![number];
    }
    if is_scientific(text) || is_day(text) {
        return Vec::new();
    }
    text.split([';', ',', '|', '&', ':', '\\', '*', '\r', '\n', '\t'])
        .flat_map(between_words)
        .flat_map(between_slashes)
        .flat_map(|part| between_dashes(&part))
        .filter_map(|part| number_alone(&part))
        .collect()
}

/// Parts with digits around words and quotation marks. A few digits after a word are an extension, such as `int. 12`.
fn between_words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_alphabetic() || c == '"');
    let parts = parts.filter(|part| digits(part) > 0).enumerate();
    parts
        .filter(|(place, part)| *place == 0 || digits(part) > MAX_CODE_DIGITS)
        .map(|(_, part)| part)
}

/// Parts around ` - ` and before `+`, where enough digits for a number stand on both sides.
fn between_dashes(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut begins = 0;
    let (mut before, mut behind) = (0, digits(text));
    for (at, c) in text.char_indices() {
        let least = match c {
            '+' | '＋' => MAX_CODE_DIGITS + 1,
            '-' | '–' | '—' if text[..at].ends_with(char::is_whitespace) => {
                MIN_DIGITS_BEFORE_DASH
            }
            _ if c.is_numeric() => {
                before += 1;
                behind -= 1;
                continue;
            }
            _ => continue,
        };
        if before >= least && behind > MAX_CODE_DIGITS {
            parts.push(text[begins..at].to_owned());
            begins = at;
            before = 0;
        }
    }
    parts.push(text[begins..].to_owned());
    parts
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// Parts around `/`, where too few digits belong to the part that follows.
fn between_slashes(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut found = 0;
    for piece in text.split('/') {
        part.push_str(piece);
        found += digits(piece);
        if found > MAX_CODE_DIGITS {
            parts.push(std::mem::take(&mut part));
            found = 0;
        } else {
            part.push(' ');
        }
    }
    parts.push(part);
    parts
}

/// From the first digit or `+` on, without punctuation at the end.
fn number_alone(text: &str) -> Option<String> {
    let begins = text.find(|c: char| c.is_numeric() || c == '+' || c == '＋')?;
    let number =
        text[begins..].trim_end_matches(|c: char| c.is_whitespace() || "(-–—.".contains(c));
    // a column of numbers that a program took for decimals
    let number = match number.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => number,
    };
    number.contains(char::is_numeric).then(|| number.to_owned())
}
