//! How the quotation marks of a row pair. The reader of tables makes some row of everything; a mark that is missing or
//! too many lets it swallow the rows below, and this is how that is noticed.

/// How the quotation marks of a row pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotation {
    /// Each cell that opens with a mark ends with one, or there is none.
    Paired,
    /// Text follows a closing mark: harmless on one line, a sign of swallowed rows on several.
    Stray,
    /// The last mark that opens is never closed.
    Open,
}

#[derive(Clone, Copy)]
enum At {
    CellBegins,
    Plain,
    Quoted,
    /// After a mark inside a quoted cell: it closes the cell, or is half of a doubled one.
    Mark,
}

/// Walks through a row as the reader of tables does: a mark opens a quotation only at the beginning of a cell.
pub(crate) fn quotation(row: &[u8], separator: u8) -> Quotation {
    let mut at = At::CellBegins;
    let mut stray = false;
    for byte in row {
        at = match (at, *byte) {
            (At::Quoted, b'"') => At::Mark,
            (At::Quoted, _) | (At::CellBegins | At::Mark, b'"') => At::Quoted,
            (_, byte) if byte == separator => At::CellBegins,
            (At::Mark, _) => {
                stray = true;
                At::Plain
            }
            _ => At::Plain,
        };
    }
    match at {
        At::Quoted => Quotation::Open,
        _ if stray => Quotation::Stray,
        _ => Quotation::Paired,
    }
}
