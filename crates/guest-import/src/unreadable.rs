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
    /// A spreadsheet's own format, a picture, or anything else that is not text.
    #[error(
        "the file is not text: save the spreadsheet as CSV, or export the contacts as vCard (.vcf)"
    )]
    NotText,
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
            Self::Empty => "empty",
            Self::NoNameColumn => "no_name_column",
            Self::OpenQuoteInHeader => "open_quote_in_header",
        }
    }
}
