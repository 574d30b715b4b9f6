//! The text of a message: parsed once at the edge, never empty, never too long.

use serde::{Deserialize, Serialize};

/// A message's text: 1 to 65,536 characters, not only white space, no NUL (design §9).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageText(String);

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("the text is empty: write something")]
    Empty,
    /// More than 65,536 characters.
    #[error("the text has {0} characters: at most 65,536 fit into one message")]
    TooLong(usize),
    /// Contains U+0000, which neither database nor WhatsApp takes.
    #[error("the text contains a NUL character: remove it")]
    Nul,
}

impl MessageText {
    /// The most characters one message may have.
    pub const MAX_CHARS: usize = 65_536;

    /// Reads a text.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidText> {
        let text = text.into();
        let chars = text.chars().count();
        if text.trim().is_empty() {
            Err(InvalidText::Empty)
        } else if chars > Self::MAX_CHARS {
            Err(InvalidText::TooLong(chars))
        } else if text.contains('\0') {
            Err(InvalidText::Nul)
        } else {
            Ok(Self(text))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters a person would type.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

// Never show what people write: a `{:?}` in a log must not tell.
impl std::fmt::Debug for MessageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageText({} chars)", self.chars())
    }
}

impl TryFrom<String> for MessageText {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        Self::parse(text)
    }
}

impl From<MessageText> for String {
    fn from(text: MessageText) -> Self {
        text.0
    }
}
