//! A broadcast's text with places to be filled: `{name}`, `{Ciao|Salve}`, and `{{` for a brace that is meant as one.
//!
//! Parsed once, when it is written; every copy is rendered from the parts. What is filled in is never read as a template again.

mod mistakes;
mod reading;

use serde::{Deserialize, Serialize};

use super::{Addressee, choosing::choose};
use crate::message_text::{InvalidText, MessageText};

pub use mistakes::{TemplateError, TemplateMistake};

text_enum! {
    /// What can be filled in.
    pub enum Placeholder("placeholder") {
        /// The guest's name; for several who share a phone "Anna e Marco".
        Name = "name",
        /// Only the first word of it.
        FirstName = "first_name",
        /// The household's name.
        Household = "household",
    }
}

/// Text, or a place to be filled.
#[derive(Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Placeholder),
}

/// A piece, or several ways to say something.
#[derive(Clone, PartialEq, Eq)]
enum Part {
    Piece(Piece),
    Choice(Vec<Vec<Piece>>),
}

/// A template that can be rendered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

/// Why there is no text for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A value that the template asks for is not known of them.
    #[error("{{{0}}} is not known: write it on the guest list, or take it out of the text")]
    Missing(Placeholder),
    /// What came out is no text that can be sent.
    #[error(transparent)]
    Text(#[from] InvalidText),
}

impl Template {
    /// Reads a template.
    pub fn parse(source: impl Into<String>) -> Result<Self, TemplateError> {
        let source = source.into();
        MessageText::parse(source.as_str())?;
        let parts = reading::parts(&source)?;
        Ok(Self { source, parts })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The text for one contact. The same contact is always told the same of several alternatives.
    pub fn render(&self, to: &Addressee) -> Result<MessageText, RenderError> {
        let mut text = String::new();
        let mut place = 0;
        for part in &self.parts {
            match part {
                Part::Piece(piece) => piece.write(to, &mut text)?,
                Part::Choice(options) => {
                    for piece in &options[choose(to.contact, place, options.len())] {
                        piece.write(to, &mut text)?;
                    }
                    place += 1;
                }
            }
        }
        Ok(MessageText::parse(text)?)
    }

    /// Whether every copy says the guest's name, whichever alternative is chosen.
    pub fn says_name(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Piece(piece) => piece.is_name(),
            Part::Choice(options) => options
                .iter()
                .all(|pieces| pieces.iter().any(Piece::is_name)),
        })
    }
}

impl Piece {
    fn write(&self, to: &Addressee, text: &mut String) -> Result<(), RenderError> {
        let written = match self {
            Self::Text(written) => written,
            Self::Value(placeholder) => to
                .value(*placeholder)
                .ok_or(RenderError::Missing(*placeholder))?,
        };
        text.push_str(written);
        Ok(())
    }

    const fn is_name(&self) -> bool {
        matches!(
            self,
            Self::Value(Placeholder::Name | Placeholder::FirstName)
        )
    }
}

// Never show what people write: a `{:?}` in a log must not tell.
impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} chars)", self.source.chars().count())
    }
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(source: String) -> Result<Self, TemplateError> {
        Self::parse(source)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.source
    }
}
