//! Makes a parser's complaint fit to be shown: serde quotes the value it stumbled over, and that
//! value may be a phone number or somebody's message. What was expected stays.

use serde_path_to_error::{Path, Segment};

/// How serde names what it found (`serde::de::Unexpected`, and `null` of `serde_json`).
const KINDS: [&str; 12] = [
    "boolean",
    "integer",
    "floating point",
    "character",
    "string",
    "byte array",
    "unit value",
    "null",
    "number",
    "sequence",
    "map",
    "enum",
];

/// Openings of complaints that quote.
const QUOTING: [&str; 4] = [
    "invalid type: ",
    "invalid value: ",
    "unknown variant `",
    "unknown field `",
];

/// `complaint` without the values it quotes and without its place in the text.
pub(super) fn without_values(complaint: &str) -> String {
    let complaint = complaint
        .rfind(" at line ")
        .map_or(complaint, |end| &complaint[..end]);
    let first = QUOTING
        .iter()
        .filter_map(|quoting| Some((complaint.find(quoting)?, *quoting)));
    let Some((start, opening)) = first.min() else {
        return complaint.to_owned();
    };
    let quote = start + opening.len();
    let expectation = expectation(complaint, quote);
    let found = &complaint[quote..expectation.unwrap_or(complaint.len())];
    let shown = match opening {
        "unknown variant `" => "unknown variant".to_owned(),
        "unknown field `" => unknown_field(found),
        _ => format!("{opening}{}", kind(found)),
    };
    let expectation = expectation.map_or("", |at| &complaint[at..]);
    format!("{}{shown}{expectation}", &complaint[..start])
}

/// Where the part begins that says what would have been right. It is the last thing serde says;
/// anything like it further left belongs to the value.
fn expectation(complaint: &str, quote: usize) -> Option<usize> {
    [", there are no fields", ", there are no variants"]
        .iter()
        .find_map(|nothing| complaint.strip_suffix(nothing).map(str::len))
        .or_else(|| complaint.rfind(", expected "))
        .filter(|at| *at >= quote)
}

fn kind(found: &str) -> &'static str {
    KINDS
        .into_iter()
        .find(|kind| found.starts_with(kind))
        .unwrap_or("another value")
}

fn unknown_field(found: &str) -> String {
    let name = found.strip_suffix('`').unwrap_or(found);
    if is_name(name) {
        format!("unknown field `{name}`")
    } else {
        "unknown field".to_owned()
    }
}

/// Whether `text` looks like a name a programmer gives, not like what a person writes.
fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The path to a field. Keys that are no names are data, and shown as `?`.
pub(super) fn field(path: &Path) -> String {
    let mut shown = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => shown = format!("{shown}[{index}]"),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                if !shown.is_empty() {
                    shown.push('.');
                }
                shown.push_str(if is_name(key) { key } else { "?" });
            }
            Segment::Unknown => shown.push('?'),
        }
    }
    shown
}

#[cfg(test)]
#[path = "../../tests/unit/redact.rs"]
mod tests;
