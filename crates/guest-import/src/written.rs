//! Texts as people and programs write them, made fit to be kept: one line, at most 200 characters, nothing invisible.
//! A cell is text and nothing else: `=2+2` is a strange name, never a sum.

use domain::config::Language;

use crate::{Field, LineProblem};

/// The most characters of a name, a household or a side.
const MAX_CHARS: usize = 200;

/// From how many digits on, without any letter, a text is a number and no name: "+1" may be a guest.
const MIN_PHONE_DIGITS: usize = 6;

/// The text on one line with single spaces, or nothing when it is blank.
pub(crate) fn tidy(written: &str, field: Field) -> Result<Option<String>, LineProblem> {
    let written = without_text_mark(written.trim_matches(is_around));
    if written.chars().any(char::is_control) {
        return Err(LineProblem::ControlCharacter(field));
    }
    // a direction mark between spaces is no word
    let visible: String = written.chars().filter(|c| !is_direction_mark(*c)).collect();
    let words = visible.split(is_blank).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Ok(None),
        chars if chars > MAX_CHARS => Err(LineProblem::TooLong(field)),
        _ => Ok(Some(text)),
    }
}

/// Whether nothing can be seen of it.
pub(crate) fn is_blank_text(written: &str) -> bool {
    written
        .chars()
        .all(|c| is_around(c) || is_direction_mark(c))
}

/// Whether it is what a spreadsheet shows where a formula failed, in English or Italian.
pub(crate) fn is_failed_formula(written: &str) -> bool {
    matches!(
        written.trim(),
        "#N/A"
            | "#REF!"
            | "#VALUE!"
            | "#NAME?"
            | "#DIV/0!"
            | "#NULL!"
            | "#NUM!"
            | "#N/D"
            | "#RIF!"
            | "#VALORE!"
            | "#NOME?"
            | "#NULLO!"
    )
}

/// Whether it could be somebody's name: something is written, and it is not a phone number.
pub(crate) fn is_name(written: &str) -> bool {
    let digits = written.chars().filter(|c| c.is_numeric()).count();
    let is_number = digits >= MIN_PHONE_DIGITS && !written.chars().any(char::is_alphabetic);
    !is_number && !is_blank_text(written)
}

/// The language a guest's line names; nothing when it names none.
pub(crate) fn language(written: &str) -> Result<Option<Language>, LineProblem> {
    match folded(written).as_str() {
        "" => Ok(None),
        "it" | "ita" | "it it" | "italian" | "italiano" | "italiana" => Ok(Some(Language::Italian)),
        "en" | "eng" | "en us" | "en gb" | "english" | "inglese" => Ok(Some(Language::English)),
        _ => Err(LineProblem::UnknownLanguage),
    }
}

/// Lower case, without accents, with one space wherever something else than letters and digits stands:
/// `Località — N°` and `localita n` are one.
pub(crate) fn folded(written: &str) -> String {
    let mut folded = String::with_capacity(written.len());
    for c in written.chars().flat_map(char::to_lowercase) {
        let c = without_accent(c);
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !is_combining(c) && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.trim().to_owned()
}

/// A leading apostrophe tells a spreadsheet that a cell is text; exports put it before what looks like a formula, and one
/// more before what begins like that already.
fn without_text_mark(written: &str) -> &str {
    let begins_formula = |text: &str| {
        text.trim_start_matches('\'')
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    };
    match written.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ => written,
    }
}

/// What may stand around a text: white space of every kind.
fn is_around(c: char) -> bool {
    c.is_whitespace() || is_blank(c)
}

/// What may stand between words. A tab or a line break is not: inside a name it tells of a broken table.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && !c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// Address books wrap texts into marks of writing direction, which would also let a name disguise itself.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Accents as characters of their own, which is how macOS writes file names and some exports everything.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

fn without_accent(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}
