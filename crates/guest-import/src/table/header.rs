//! The header of a table: which column holds what. Of a text also where the table begins and what separates its cells.

use csv::ByteRecord;

use super::columns::{Column, column};
use crate::{
    Unreadable,
    encoding::text,
    line_breaks::{is_break, next_line, without_break},
    table::rows::Rows,
};

/// What may separate cells, in the order in which a tie is decided.
const SEPARATORS: [u8; 3] = *b",;\t";

/// How many columns are looked at; whatever has more is no list of guests.
pub(crate) const MAX_COLUMNS: usize = 1_000;

/// What the header told.
#[derive(Debug)]
pub(crate) struct Header {
    /// How many columns there are.
    pub(crate) width: usize,
    /// The columns that are understood, from the left, with their places. Each row walks over these, not over the whole width.
    pub(crate) columns: Vec<(usize, Column)>,
}

/// A table in a text.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The byte of the file where the header's line begins.
    pub(crate) begins: usize,
    pub(crate) separator: u8,
    pub(crate) header: Header,
    /// A quotation mark in the header swallows rows of guests.
    swallows_rows: bool,
}

impl Header {
    /// Reads a row of headers.
    pub(crate) fn of(cells: &ByteRecord) -> Self {
        let looked_at = cells.iter().take(MAX_COLUMNS).enumerate();
        Self {
            width: cells.len(),
            columns: looked_at
                .filter_map(|(place, cell)| Some((place, column(&text(cell, None))?)))
                .collect(),
        }
    }

    /// The places of the columns that hold this, from the left.
    pub(crate) fn places(&self, wanted: Column) -> impl Iterator<Item = usize> {
        let columns = self.columns.iter();
        columns
            .filter(move |(_, column)| *column == wanted)
            .map(|(place, _)| *place)
    }

    /// Whether some column holds this.
    pub(crate) fn has(&self, wanted: Column) -> bool {
        self.places(wanted).next().is_some()
    }

    /// Whether a column holds a name.
    pub(crate) fn names_guests(&self) -> bool {
        use Column::{FamilyName, FullName, GivenName, Name};
        [FullName, Name, GivenName, FamilyName]
            .into_iter()
            .any(|column| self.has(column))
    }
}

/// Reads the first line with each separator and keeps the reading that makes most sense.
pub(crate) fn find(file: &[u8]) -> Result<Layout, Unreadable> {
    let begins = file.iter().take_while(|b| is_break(**b)).count();
    if file[begins..].iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if let Some(separator) = told_separator(&file[begins..]) {
        let begins = next_line(file, begins);
        return named(read(file, begins, separator)?);
    }
    let mut best: Option<Layout> = None;
    for separator in SEPARATORS {
        let layout = read(file, begins, separator)?;
        let understood = |layout: &Layout| layout.header.columns.len();
        if best
            .as_ref()
            .is_none_or(|best| understood(&layout) > understood(best))
        {
            best = Some(layout);
        }
    }
    named(best.ok_or(Unreadable::NoNameColumn)?)
}

fn named(layout: Layout) -> Result<Layout, Unreadable> {
    if layout.swallows_rows {
        Err(Unreadable::OpenQuoteInHeader)
    } else if layout.header.names_guests() {
        Ok(layout)
    } else {
        Err(Unreadable::NoNameColumn)
    }
}

fn read(file: &[u8], begins: usize, separator: u8) -> Result<Layout, Unreadable> {
    let mut rows = Rows::new(file, begins, separator);
    let Some(row) = rows.next_row()? else {
        return Err(Unreadable::Empty);
    };
    Ok(Layout {
        begins,
        separator,
        header: Header::of(row.cells),
        swallows_rows: row.swallows_rows(),
    })
}

/// `sep=;` alone on the first line is how a file tells Excel its separator.
fn told_separator(file: &[u8]) -> Option<u8> {
    let line = without_break(&file[..next_line(file, 0)]).trim_ascii();
    let (told, separator) = line.split_at_checked(4)?;
    match separator {
        [separator] if told.eq_ignore_ascii_case(b"sep=") && SEPARATORS.contains(separator) => {
            Some(*separator)
        }
        _ => None,
    }
}
