//! Reads a file of guests, `.xlsx`, CSV or vCard, into lines: each is a guest or says why it is refused, by line number.
//!
//! Pure: no I/O, no database, no opinion on who is on the list already. The caller shows the lines or imports them.
//! The rule that must hold: no file, however broken, makes this panic, and no line that holds something is passed over in silence.

mod encoding;
mod line;
mod line_breaks;
mod phones;
mod problem;
mod same;
mod table;
mod unreadable;
mod vcard;
mod written;

pub use line::{DraftGuest, Line};
pub use phones::ChosenPhone;
pub use problem::{Field, LineProblem};
pub use unreadable::Unreadable;

use domain::phone_number::Country;

use table::spreadsheet;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The most guests one file may hold, good and refused ones together.
pub const MAX_LINES: usize = 50_000;

/// Reads the whole file. Numbers without a prefix belong to `country`. Lines come in the order of the file.
pub fn read(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    if file.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let mut lines = if spreadsheet::is_package(file) {
        spreadsheet::read(file, country)?
    } else {
        read_text(&encoding::without_mark(file), country)?
    };
    if lines.is_empty() {
        return Err(Unreadable::Empty);
    }
    same::refuse_repeated(&mut lines);
    Ok(lines)
}

fn read_text(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    if encoding::is_binary(file) {
        Err(Unreadable::NotText)
    } else if vcard::begins_with_card(file) {
        vcard::read(file, country)
    } else {
        table::read(file, country)
    }
}
