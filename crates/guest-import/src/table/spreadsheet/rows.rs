//! The rows of a sheet with their cells as text.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, XlsxCellReader};
use csv::ByteRecord;

use super::{damaged, merged::MergedCells};
use crate::{
    Unreadable,
    table::header::{Header, MAX_COLUMNS},
    written::is_blank_text,
};

/// 31 December 9999, the last day of a spreadsheet: a larger number in a column of days is a phone number.
const LAST_DAY: f64 = 2_958_465.0;

/// Reads one row after the other. Blank cells and rows are passed over.
pub(super) struct Rows<'w, 'f> {
    cells: XlsxCellReader<'w, Cursor<&'f [u8]>>,
    /// calamine reads past the end of a sheet when it is asked again.
    ended: bool,
    /// The first cell of the row that follows.
    ahead: Option<TextCell>,
    /// The number of the last row that was read.
    last: u32,
    merged: MergedCells,
}

struct TextCell {
    row: u32,
    column: usize,
    text: String,
}

/// A row that holds something.
pub(super) struct SheetRow {
    /// As the program shows it, from 1.
    pub(super) number: u32,
    /// By column.
    pub(super) texts: Vec<String>,
}

impl SheetRow {
    /// Puts a text where none is.
    pub(super) fn fill(&mut self, column: usize, text: &str) {
        if self.texts.len() <= column {
            self.texts.resize(column + 1, String::new());
        }
        if self.texts[column].is_empty() {
            text.clone_into(&mut self.texts[column]);
        }
    }
}

impl<'w, 'f> Rows<'w, 'f> {
    pub(super) fn new(
        cells: XlsxCellReader<'w, Cursor<&'f [u8]>>,
        merged: Vec<Dimensions>,
    ) -> Self {
        Self {
            cells,
            ended: false,
            ahead: None,
            last: 0,
            merged: MergedCells::new(merged),
        }
    }

    /// The next row as headers. A cell beside the last one is a remark, so the width has no end.
    pub(super) fn next_header(&mut self) -> Result<Option<Header>, Unreadable> {
        let Some(mut row) = self.next_row()? else {
            return Ok(None);
        };
        self.merged.fill_right(&mut row);
        Ok(Some(Header {
            width: usize::MAX,
            ..Header::of(&ByteRecord::from(row.texts))
        }))
    }

    /// The next row below the header, with its number.
    pub(super) fn next_guest(
        &mut self,
        header: &Header,
    ) -> Result<Option<(u32, ByteRecord)>, Unreadable> {
        let Some(mut row) = self.next_row()? else {
            return Ok(None);
        };
        self.merged.fill_down(&mut row, header);
        Ok(Some((row.number, ByteRecord::from(row.texts))))
    }

    fn next_row(&mut self) -> Result<Option<SheetRow>, Unreadable> {
        let Some(first) = self.next_cell()? else {
            return Ok(None);
        };
        // rows stand in order, each once
        let number = first
            .row
            .checked_add(1)
            .filter(|number| *number > self.last);
        self.last = number.ok_or(Unreadable::DamagedSpreadsheet)?;
        let mut row = SheetRow {
            number: self.last,
            texts: Vec::new(),
        };
        row.fill(first.column, &first.text);
        while let Some(cell) = self.next_cell()? {
            if cell.row != first.row {
                self.ahead = Some(cell);
                break;
            }
            row.fill(cell.column, &cell.text);
        }
        Ok(Some(row))
    }

    fn next_cell(&mut self) -> Result<Option<TextCell>, Unreadable> {
        if self.ahead.is_some() {
            return Ok(self.ahead.take());
        }
        while !self.ended {
            let Some(cell) = self.cells.next_cell().map_err(damaged)? else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            let text = text(cell.get_value());
            if column < MAX_COLUMNS && !is_blank_text(&text) {
                return Ok(Some(TextCell { row, column, text }));
            }
        }
        Ok(None)
    }
}

/// Numbers are written out: of a phone number every digit counts.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(day) => day_text(day),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn day_text(day: &ExcelDateTime) -> String {
    if day.as_f64() > LAST_DAY {
        return day.as_f64().to_string();
    }
    let (year, month, date, ..) = day.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{date:02}")
}
