//! The rows of a table with the lines they stand on. What is quoted may run over several lines.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::quotation::{Quotation, quotation};
use crate::{
    Unreadable,
    encoding::text,
    line_breaks::{LineCounter, is_break, without_break},
    written::is_blank_text,
};

/// Reads one row after the other.
pub(crate) struct Rows<'a> {
    file: &'a [u8],
    begins: usize,
    separator: u8,
    reader: Reader<&'a [u8]>,
    cells: ByteRecord,
    lines: LineCounter<'a>,
}

/// One row that holds something.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The line of the file where the row begins.
    pub(crate) number: u32,
    /// The line where it ends: the same, unless a quoted cell runs over several.
    pub(crate) last: u32,
    /// How its quotation marks pair.
    pub(crate) quotation: Quotation,
    pub(crate) cells: &'a ByteRecord,
}

impl Row<'_> {
    /// Whether a quotation mark that is missing or too many made one row of several.
    pub(crate) fn swallows_rows(&self) -> bool {
        match self.quotation {
            Quotation::Open => true,
            Quotation::Stray => self.last > self.number,
            Quotation::Paired => false,
        }
    }
}

impl<'a> Rows<'a> {
    /// Rows from the byte `begins` on.
    pub(crate) fn new(file: &'a [u8], begins: usize, separator: u8) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(&file[begins..]);
        Self {
            file,
            begins,
            separator,
            reader,
            cells: ByteRecord::new(),
            lines: LineCounter::new(file),
        }
    }

    /// The next row that holds something, or nothing at the end of the file.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'_>>, Unreadable> {
        loop {
            let from = self.offset();
            // a flexible reader of bytes in memory has nothing to fail at
            let more = self.reader.read_byte_record(&mut self.cells);
            if !more.map_err(|_| Unreadable::NotText)? {
                return Ok(None);
            }
            if !self
                .cells
                .iter()
                .all(|cell| is_blank_text(&text(cell, None)))
            {
                return Ok(Some(self.row(from)));
            }
        }
    }

    fn row(&mut self, from: usize) -> Row<'_> {
        // the reader counts the break before a row, and empty lines, to the row that follows
        let skipped = self.file[from..]
            .iter()
            .take_while(|b| is_break(**b))
            .count();
        let begins = from + skipped;
        let raw = without_break(&self.file[begins..self.offset().max(begins)]);
        Row {
            number: self.lines.line_of(begins),
            last: self.lines.line_of(begins + raw.len().saturating_sub(1)),
            quotation: quotation(raw, self.separator),
            cells: &self.cells,
        }
    }

    fn offset(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.begins.saturating_add(read).min(self.file.len())
    }
}
