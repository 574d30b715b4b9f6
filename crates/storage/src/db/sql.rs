//! A statement's text, once for both databases wherever it is equal.

/// The text of one statement on each database. Placeholders are `$1`, `$2`, … on both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

impl Sql {
    /// Equal on both.
    pub(crate) const fn both(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }

    /// Where they differ: row locks, JSON.
    pub(crate) const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// `one_of!(sqlite "$1")`, `one_of!(postgres "$1")`: a condition that a column is one of the texts which a JSON argument lists.
///
/// PostgreSQL expects a hundred rows of a set of unknown length, and scans a table of some thousands rather than look each of them up.
/// Of an array it expects ten elements, and looks them up in the column's index.
macro_rules! one_of {
    (sqlite $argument:literal) => {
        concat!("IN (SELECT value FROM json_each(", $argument, "))")
    };
    (postgres $argument:literal) => {
        concat!(
            "= ANY (ARRAY(SELECT json_array_elements_text(CAST(",
            $argument,
            " AS json))))"
        )
    };
}
pub(crate) use one_of;
