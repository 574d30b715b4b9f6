//! Why a whole file is refused.

use crate::table::understood_headers;

/// Why no line of a file can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`crate::MAX_BYTES`].
    #[error(
        "the file is larger than 10 MiB: export the contacts without photos, or split the file"
    )]
    TooLarge,
    /// More than [`crate::MAX_LINES`].
    #[error("the file holds more than 50,000 lines: split it")]
    TooManyLines,
    /// A picture, or anything else that is neither text nor a spreadsheet.
    #[error(
        "the file is neither a spreadsheet nor text: save the spreadsheet as .xlsx or CSV, or export the contacts as vCard (.vcf)"
    )]
    NotText,
    /// `.xls`, `.ods`, or another package that is no `.xlsx`.
    #[error(
        "the file is no .xlsx spreadsheet: open it with the program that made it and save it as .xlsx or CSV"
    )]
    OtherSpreadsheet,
    /// An `.xlsx` that a password encrypts.
    #[error("the spreadsheet has a password: save it without the password, as .xlsx or CSV")]
    ProtectedSpreadsheet,
    /// An `.xlsx` that was cut off or changed on its way, or that breaks the format.
    #[error("the spreadsheet is damaged: open it and save it again as .xlsx or CSV")]
    DamagedSpreadsheet,
    /// An `.xlsx` that would take too much memory.
    #[error(
        "the spreadsheet holds too much: copy the columns of the guests into a new one, without pictures"
    )]
    SpreadsheetTooLarge,
    /// Nothing in it, or a header alone.
    #[error("the file holds no guests: write one per line below the header")]
    Empty,
    /// The first line names no column that could be the guests' name.
    #[error(
        "the first line must be a header with a column for the name; understood are: {}",
        understood_headers()
    )]
    NoNameColumn,
    /// A quotation mark in the header makes guests a part of it.
    #[error("a quotation mark in the header is never closed: close or remove it")]
    OpenQuoteInHeader,
}

impl Unreadable {
    /// A stable word for programs; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooManyLines => "too_many_lines",
            Self::NotText => "not_text",
            Self::OtherSpreadsheet => "other_spreadsheet",
            Self::ProtectedSpreadsheet => "protected_spreadsheet",
            Self::DamagedSpreadsheet => "damaged_spreadsheet",
            Self::SpreadsheetTooLarge => "spreadsheet_too_large",
            Self::Empty => "empty",
            Self::NoNameColumn => "no_name_column",
            Self::OpenQuoteInHeader => "open_quote_in_header",
        }
    }
}
