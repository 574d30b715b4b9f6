//! The lines of a vCard file as its properties see them: with what was folded or softly broken, but not yet joined,
//! so that a photo of megabytes costs a walk over it and no copy.

use std::borrow::Cow;

use crate::line_breaks::{next_line, without_break};

pub(crate) const BEGIN: &[u8] = b"BEGIN:VCARD";
pub(crate) const END: &[u8] = b"END:VCARD";

/// One property, or whatever else stands on a line, with the lines that continue it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContentLine<'a> {
    /// The line of the file where it begins.
    pub(crate) number: u32,
    raw: &'a [u8],
}

/// Walks over the lines of a file.
pub(crate) struct ContentLines<'a> {
    file: &'a [u8],
    at: usize,
    number: u32,
}

impl<'a> ContentLines<'a> {
    pub(crate) fn new(file: &'a [u8]) -> Self {
        Self {
            file,
            at: 0,
            number: 1,
        }
    }

    fn step(&mut self) {
        self.at = next_line(self.file, self.at);
        self.number += 1;
    }

    /// The rest of a line that ends with `=` in quoted-printable is below it, unless a card begins or ends there.
    fn is_softly_broken(&self, begins: usize) -> bool {
        let line = without_break(&self.file[begins..self.at]);
        let below = &self.file[self.at..next_line(self.file, self.at)];
        line.ends_with(b"=") && ![BEGIN, END].into_iter().any(|marker| is(below, marker))
    }

    fn is_folded(&self) -> bool {
        matches!(self.file.get(self.at), Some(b' ' | b'\t'))
    }
}

impl<'a> Iterator for ContentLines<'a> {
    type Item = ContentLine<'a>;

    fn next(&mut self) -> Option<ContentLine<'a>> {
        if self.at == self.file.len() {
            return None;
        }
        let (begins, number) = (self.at, self.number);
        self.step();
        let quoted_printable = says_quoted_printable(&self.file[begins..self.at]);
        let mut last = begins;
        while self.at < self.file.len()
            && (self.is_folded() || quoted_printable && self.is_softly_broken(last))
        {
            last = self.at;
            self.step();
        }
        Some(ContentLine {
            number,
            raw: &self.file[begins..self.at],
        })
    }
}

impl<'a> ContentLine<'a> {
    /// Whether it is this marker, in any case.
    pub(crate) fn is(&self, marker: &[u8]) -> bool {
        is(self.raw, marker)
    }

    /// Whether nothing is written on it.
    pub(crate) fn is_blank(&self) -> bool {
        self.raw.trim_ascii().is_empty()
    }

    /// The property's name without its group: `TEL` in `item1.TEL;type=CELL:…`.
    pub(crate) fn name(&self) -> &'a [u8] {
        let ends = self
            .raw
            .iter()
            .position(|b| matches!(b, b':' | b';' | b'\r' | b'\n'));
        let name = self.raw[..ends.unwrap_or(self.raw.len())].trim_ascii();
        match name.iter().rposition(|b| *b == b'.') {
            Some(dot) => &name[dot + 1..],
            None => name,
        }
    }

    /// The whole line with its folds undone: a break and the white space after it, or `=` and a break.
    pub(crate) fn joined(&self) -> Cow<'a, [u8]> {
        let first = next_line(self.raw, 0);
        if first == self.raw.len() {
            return Cow::Borrowed(without_break(self.raw));
        }
        let soft = says_quoted_printable(&self.raw[..first]);
        let mut joined = Vec::with_capacity(self.raw.len());
        let mut at = 0;
        while at < self.raw.len() {
            let next = next_line(self.raw, at);
            let broken_softly = soft && joined.ends_with(b"=");
            let line = without_break(&self.raw[at..next]);
            if broken_softly {
                joined.pop();
                joined.extend_from_slice(line);
            } else if at > 0 {
                joined.extend_from_slice(line.get(1..).unwrap_or_default());
            } else {
                joined.extend_from_slice(line);
            }
            at = next;
        }
        Cow::Owned(joined)
    }
}

/// Files that were put one after the other keep their byte-order marks.
fn is(line: &[u8], marker: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    line.trim_ascii().eq_ignore_ascii_case(marker)
}

/// Whether the part before the value says so; a value of megabytes is not searched.
fn says_quoted_printable(line: &[u8]) -> bool {
    let ends = line.iter().position(|b| *b == b':').unwrap_or(line.len());
    let word = b"QUOTED-PRINTABLE";
    line[..ends]
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}
