//! What no database and no reader of JSON takes, taken out before WAHA's words are read.
//!
//! People's names and texts go through phones, engines and JavaScript, where a NUL and half of a surrogate pair are characters like
//! others. Here they are not: PostgreSQL refuses a NUL, and a lone half makes a whole answer unreadable. A NUL goes, what is no
//! character becomes U+FFFD, and everything around it stays. A signature is of the raw bytes: check it before.

use std::borrow::Cow;

/// U+FFFD, as it is.
const REPLACEMENT: &str = "\u{fffd}";
/// The length of `\u0000`.
const ESCAPE: usize = 6;

/// The JSON without NULs and without halves of surrogate pairs.
pub(crate) fn cleaned(json: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(json) {
        Cow::Borrowed(text) if !text.contains('\0') && !text.contains("\\u") => Cow::Borrowed(json),
        text => Cow::Owned(rewritten(&text).into_bytes()),
    }
}

fn rewritten(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\0']) {
        let (before, from) = rest.split_at(at);
        let (stays, after) = first(from);
        clean.push_str(before);
        clean.push_str(stays);
        rest = after;
    }
    clean.push_str(rest);
    clean
}

/// What stays of the escape or the NUL with which `from` begins, and what follows it.
fn first(from: &str) -> (&str, &str) {
    if let Some(after) = from.strip_prefix('\0') {
        return ("", after);
    }
    match escaped_unit(from) {
        Some(0) => ("", &from[ESCAPE..]),
        Some(0xD800..=0xDBFF) => match escaped_unit(&from[ESCAPE..]) {
            Some(0xDC00..=0xDFFF) => from.split_at(2 * ESCAPE),
            _ => (REPLACEMENT, &from[ESCAPE..]),
        },
        Some(0xDC00..=0xDFFF) => (REPLACEMENT, &from[ESCAPE..]),
        Some(_) => from.split_at(ESCAPE),
        // another escape: what its backslash stands before begins none of its own
        None => from.split_at(from.chars().take(2).map(char::len_utf8).sum()),
    }
}

/// The UTF-16 unit of the `\u….` with which `from` begins.
fn escaped_unit(from: &str) -> Option<u16> {
    let digits = from.strip_prefix("\\u")?.get(..4)?;
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        String::from_utf8(cleaned(json.as_bytes()).into_owned()).expect("text")
    }

    #[test]
    fn a_nul_goes_and_half_a_pair_is_replaced() {
        for (json, clean) in [
            (r#""Pi\u0000na""#, r#""Pina""#),
            ("\"Pi\0na\"", r#""Pina""#),
            (r#""\ud83d""#, "\"\u{fffd}\""),
            (r#""\uDC8C!""#, "\"\u{fffd}!\""),
            (r#""\ud83d\ud83d\udc8c""#, "\"\u{fffd}\\ud83d\\udc8c\""),
            (r#""\udc8c\ud83d""#, "\"\u{fffd}\u{fffd}\""),
            (r#""\ud83d\u0000\udc8c""#, "\"\u{fffd}\u{fffd}\""),
        ] {
            assert_eq!(of(json), clean, "{json}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for json in [
            r#"{"name":"Zia \"Pina\" \ud83d\udc8c \u00e8 è 💌"}"#,
            // a backslash, and then the letters u0000
            r#""\\u0000 \\ud83d""#,
            r#""\\\\u0000""#,
            r#""\u00""#,
            r#""\u+001""#,
            "\"\\",
            "",
        ] {
            assert_eq!(of(json), json);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        // a half of a pair, written out in three bytes
        let clean = cleaned(b"\"a\xED\xA0\xBDb\"");
        let read: String = serde_json::from_slice(&clean).expect("JSON");
        assert_eq!(read, "a\u{fffd}\u{fffd}\u{fffd}b");
    }
}
