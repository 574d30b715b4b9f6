//! What can be wrong with a template, where, and what to do about it.

use super::Placeholder;
use crate::message_text::InvalidText;

/// A template that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {mistake}", .at + 1)]
pub struct TemplateError {
    /// How many characters stand before the mistake.
    pub at: usize,
    /// What is wrong.
    pub mistake: TemplateMistake,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateMistake {
    /// It could never be a message.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// `{name` without its end.
    #[error("this brace is never closed: write }} after it, or {{{{ if you mean a brace")]
    Unclosed,
    /// `}` without a begin.
    #[error("this brace closes nothing: take it out, or write }}}} if you mean a brace")]
    Stray,
    /// `{}`.
    #[error("nothing stands between these braces: write one of {known}, or alternatives such as {{Ciao|Salve}}", known = known())]
    Empty,
    /// `{nome}`.
    #[error("{{{0}}} is not known: use one of {known}, or write {{{{{0}}}}} if you mean braces", known = known())]
    Unknown(String),
    /// `{Ciao {name}}`.
    #[error(
        "there is only one alternative between these braces: write another one after a |, or take the braces away"
    )]
    Single,
    /// Alternatives inside alternatives.
    #[error("alternatives cannot stand inside others: write them one after the other")]
    Nested,
}

impl TemplateMistake {
    /// The stable code, for pages that have their own words.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(InvalidText::Empty) => "empty_text",
            Self::Text(InvalidText::TooLong(_)) => "text_too_long",
            Self::Text(InvalidText::Nul) => "text_with_nul",
            Self::Unclosed => "unclosed_brace",
            Self::Stray => "stray_brace",
            Self::Empty => "empty_braces",
            Self::Unknown(_) => "unknown_placeholder",
            Self::Single => "single_alternative",
            Self::Nested => "nested_alternatives",
        }
    }

    pub(super) const fn at(self, at: usize) -> TemplateError {
        TemplateError { at, mistake: self }
    }
}

impl From<InvalidText> for TemplateError {
    fn from(text: InvalidText) -> Self {
        TemplateMistake::Text(text).at(0)
    }
}

/// The placeholders that are known, for a sentence.
fn known() -> String {
    let known: Vec<_> = Placeholder::ALL
        .iter()
        .map(|known| format!("{{{known}}}"))
        .collect();
    known.join(", ")
}
