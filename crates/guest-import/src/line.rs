//! What one record of a file became.

use domain::config::Language;

use crate::{ChosenPhone, LineProblem};

/// One record of the file: a row of a table or a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of the file where the record begins, from 1.
    pub number: u32,
    /// The guest it describes, or why it is refused.
    pub guest: Result<DraftGuest, LineProblem>,
}

/// A guest as the file describes one. Texts are trimmed, on one line and at most 200 characters long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftGuest {
    /// Never empty.
    pub name: String,
    /// The number to use, and those that are not used.
    pub phone: Option<ChosenPhone>,
    /// The household or invitation the guest belongs to, as written.
    pub household: Option<String>,
    /// Whose guest it is, as written (`sposa`, `groom`, a session's name): the caller maps it.
    pub side: Option<String>,
    /// The language the guest reads.
    pub language: Option<Language>,
}
