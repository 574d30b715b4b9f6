//! One property of a card: its parameters and its value as text.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::encoding;

/// A property, without its name.
#[derive(Debug)]
pub(crate) struct Property {
    /// Every word of the parameters, in upper case: `TYPE=CELL,pref` and the bare `CELL;PREF` of version 2.1 alike.
    words: Vec<String>,
    /// The decoded value, escapes still in it.
    value: String,
}

impl Property {
    /// Reads a joined line; nothing when it has no value.
    pub(crate) fn read(line: &[u8]) -> Option<Self> {
        let ends = end_of_parameters(line)?;
        let parameters = encoding::text(&line[..ends], None);
        let value = &line[ends + 1..];
        let bytes = if names_encoding(&parameters, &["QUOTED-PRINTABLE", "Q"]) {
            Cow::Owned(from_quoted_printable(value))
        } else if names_encoding(&parameters, &["BASE64", "B"]) {
            let decoded = STANDARD.decode(value.trim_ascii());
            decoded.map_or(Cow::Borrowed(value), Cow::Owned)
        } else {
            Cow::Borrowed(value)
        };
        let charset = parameter_values(&parameters)
            .find(|(key, _)| key.eq_ignore_ascii_case("CHARSET"))
            .map(|(_, value)| value);
        Some(Self {
            words: words(&parameters),
            value: encoding::text(&bytes, charset).into_owned(),
        })
    }

    /// Whether one of these words stands among the parameters.
    pub(crate) fn says(&self, wanted: &[&str]) -> bool {
        self.words
            .iter()
            .any(|word| wanted.contains(&word.as_str()))
    }

    /// The value as it stands in the file.
    pub(crate) fn raw(&self) -> &str {
        &self.value
    }

    /// The value with its escapes undone.
    pub(crate) fn text(&self) -> String {
        unescaped(&self.value)
    }

    /// The parts of a value such as `N`, which `;` separates, with their escapes undone.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut begins = 0;
        let mut escaped = false;
        for (at, byte) in self.value.bytes().enumerate() {
            if byte == b';' && !escaped {
                parts.push(unescaped(&self.value[begins..at]));
                begins = at + 1;
            }
            escaped = byte == b'\\' && !escaped;
        }
        parts.push(unescaped(&self.value[begins..]));
        parts
    }
}

/// The first `:` that is not inside quotation marks, or simply the first one when a mark is never closed.
fn end_of_parameters(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let outside = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    });
    outside.or_else(|| line.iter().position(|byte| *byte == b':'))
}

/// Each parameter as key and value; a bare word of version 2.1 is a value without a key.
fn parameter_values(parameters: &str) -> impl Iterator<Item = (&str, &str)> {
    parameters.split(';').skip(1).map(|parameter| {
        let (key, value) = parameter.split_once('=').unwrap_or(("", parameter));
        (key.trim(), value.trim_matches([' ', '"']))
    })
}

fn names_encoding(parameters: &str, names: &[&str]) -> bool {
    parameter_values(parameters)
        .filter(|(key, _)| key.is_empty() || key.eq_ignore_ascii_case("ENCODING"))
        .any(|(_, value)| names.iter().any(|name| value.eq_ignore_ascii_case(name)))
}

fn words(parameters: &str) -> Vec<String> {
    parameter_values(parameters)
        .filter(|(key, _)| key.is_empty() || key.eq_ignore_ascii_case("TYPE"))
        .flat_map(|(_, value)| value.split(','))
        .map(|word| word.trim_matches([' ', '"']).to_ascii_uppercase())
        .collect()
}

/// `=C3=B2` becomes two bytes; what is no such pair stays as it is.
fn from_quoted_printable(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        match value[at..] {
            [b'=', high, low, ..] if let (Some(high), Some(low)) = (digit(high), digit(low)) => {
                bytes.push(high * 16 + low);
                at += 3;
            }
            [byte, ..] => {
                bytes.push(byte);
                at += 1;
            }
            [] => break,
        }
    }
    bytes
}

fn digit(hexadecimal: u8) -> Option<u8> {
    let digit = char::from(hexadecimal).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// `\n` is a line break in notes and addresses; in a name it can only separate words.
fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => text.push(' '),
            Some(escaped @ ('\\' | ';' | ',' | ':')) => text.push(escaped),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}
