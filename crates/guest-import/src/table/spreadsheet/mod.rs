//! Guests as a spreadsheet, `.xlsx`: the first visible sheet with guests below a header that names them.
//! The package is measured first; then calamine reads one cell after the other, never a whole sheet.

mod merged;
mod package;
mod rows;

use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use domain::phone_number::Country;

pub(crate) use package::is_package;

use super::{guest, header::Header, quotation::Quotation, rows::Row};
use crate::{Line, MAX_LINES, Unreadable};
use rows::Rows;

/// How many rows are looked at for the header: titles may stand above it.
const HEADER_ROWS: usize = 10;

/// How many sheets are looked at: a package may name one large sheet thousands of times.
const MAX_SHEETS: usize = 20;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the rows below the header.
pub(crate) fn read(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    package::check(file)?;
    // where overflow is checked, calamine panics at cell references beyond 32 bits
    catch_unwind(|| read_workbook(file, country)).unwrap_or(Err(Unreadable::DamagedSpreadsheet))
}

fn read_workbook(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(file)).map_err(damaged)?;
    let mut refused = Unreadable::Empty;
    for name in visible_sheets(&workbook) {
        match read_sheet(&mut workbook, &name, country) {
            Ok(lines) if lines.is_empty() => {}
            Err(Unreadable::NoNameColumn) => refused = Unreadable::NoNameColumn,
            decided => return decided,
        }
    }
    Err(refused)
}

fn visible_sheets(workbook: &Workbook<'_>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    sheets
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .take(MAX_SHEETS)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// No lines when the sheet is empty.
fn read_sheet(
    workbook: &mut Workbook<'_>,
    name: &str,
    country: Country,
) -> Result<Vec<Line>, Unreadable> {
    let merged = workbook.merge_cells_by_sheet_name(name).map_err(damaged)?;
    let cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
    let mut rows = Rows::new(cells, merged);
    let mut lines = Vec::new();
    let Some(header) = find_header(&mut rows)? else {
        return Ok(lines);
    };
    while let Some((number, cells)) = rows.next_guest(&header)? {
        if lines.len() == MAX_LINES {
            return Err(Unreadable::TooManyLines);
        }
        let row = Row {
            number,
            last: number,
            quotation: Quotation::Paired,
            cells: &cells,
        };
        let guest = guest::read(&row, &header, country);
        lines.push(Line { number, guest });
    }
    Ok(lines)
}

fn find_header(rows: &mut Rows<'_, '_>) -> Result<Option<Header>, Unreadable> {
    for looked_at in 0..HEADER_ROWS {
        match rows.next_header()? {
            Some(header) if header.names_guests() => return Ok(Some(header)),
            Some(_) => {}
            None if looked_at == 0 => return Ok(None),
            None => break,
        }
    }
    Err(Unreadable::NoNameColumn)
}

/// Every error of a library means that it cannot read on.
fn damaged<E>(_: E) -> Unreadable {
    Unreadable::DamagedSpreadsheet
}
