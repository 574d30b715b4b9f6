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
