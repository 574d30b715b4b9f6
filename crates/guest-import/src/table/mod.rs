//! Guests as a table: a spreadsheet, or CSV as spreadsheets and address books write it, separated by commas, semicolons or tabs.
//! Which column holds what is read from the header alone, so the order of columns means nothing.

mod columns;
mod guest;
mod header;
mod quotation;
mod rows;
pub(crate) mod spreadsheet;

pub(crate) use columns::understood_headers;

use domain::phone_number::Country;

use crate::{Line, MAX_LINES, Unreadable};

/// Reads every row below the header. Rows without any text are passed over.
pub(crate) fn read(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    let layout = header::find(file)?;
    let mut rows = rows::Rows::new(file, layout.begins, layout.separator);
    rows.next_row()?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next_row()? {
        if lines.len() == MAX_LINES {
            return Err(Unreadable::TooManyLines);
        }
        lines.push(Line {
            number: row.number,
            guest: guest::read(&row, &layout.header, country),
        });
    }
    Ok(lines)
}
