//! Why one line of a file is refused, in a word for programs and a sentence that says what to do.
//! The rule that must hold: no sentence repeats what the line holds, so no phone number ends in a log.

use domain::phone_number::InvalidPhoneNumber;

/// A text of a guest that has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The guest's name.
    Name,
    /// The household.
    Household,
    /// Whose guest it is.
    Side,
}

/// Why a line is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    /// Something is written, but no name.
    #[error("there is no name: write who this is")]
    MissingName,
    /// More than 200 characters.
    #[error("the {0} has more than 200 characters: shorten it, or look for a missing separator")]
    TooLong(Field),
    /// A line break, a tab, or another character that is not text.
    #[error("the {0} holds a line break or a control character: write it again on one line")]
    ControlCharacter(Field),
    /// A quotation mark opens and nothing closes it, so that the rest of the file is inside it.
    #[error(
        "a quotation mark opens here and is never closed, so that the rest of the file belongs to this line: close or remove it"
    )]
    OpenQuote,
    /// A quotation mark closes lines later, in the middle of somebody else.
    #[error(
        "this and everything down to line {last} were read as one: a quotation mark is missing or too many, correct it"
    )]
    RunsOverLines {
        /// The last line of the file that was swallowed.
        last: u32,
    },
    /// More filled cells than the header has columns.
    #[error(
        "there are more cells than headers: put quotation marks around a text that holds the separator, or give the column a header"
    )]
    ExtraCells,
    /// None of the numbers can be used.
    #[error(transparent)]
    Phone(#[from] InvalidPhoneNumber),
    /// A spreadsheet replaced the number by its size, and the last digits are gone.
    #[error(
        "a spreadsheet has shortened the phone number (3.9E+11): format the column as text, write the number again and save again"
    )]
    ScientificNotation,
    /// A language that guests cannot be written to in.
    #[error("the language is not known: write it or en, or leave it empty")]
    UnknownLanguage,
    /// Another line of the same file means the same guest.
    #[error("line {first} means the same guest: remove one of the two, or tell their names apart")]
    SameAsLine {
        /// That line; of two alike the first.
        first: u32,
    },
    /// In a vCard file, text that belongs to no card.
    #[error(
        "this text stands outside BEGIN:VCARD and END:VCARD: export the contacts again, or remove it"
    )]
    OutsideCard,
    /// The file ends in the middle of this card.
    #[error("the file ends in the middle of this card: export the contacts again")]
    CutOff,
}

impl LineProblem {
    /// A stable word for programs; it never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingName => "missing_name",
            Self::TooLong(_) => "too_long",
            Self::ControlCharacter(_) => "control_character",
            Self::OpenQuote => "open_quote",
            Self::RunsOverLines { .. } => "runs_over_lines",
            Self::ExtraCells => "extra_cells",
            Self::Phone(InvalidPhoneNumber::Unreadable) => "unreadable_phone",
            Self::Phone(InvalidPhoneNumber::Impossible) => "impossible_phone",
            Self::ScientificNotation => "scientific_notation",
            Self::UnknownLanguage => "unknown_language",
            Self::SameAsLine { .. } => "same_as_line",
            Self::OutsideCard => "outside_card",
            Self::CutOff => "cut_off",
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Household => "household",
            Self::Side => "side",
        })
    }
}
