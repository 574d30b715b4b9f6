//! Why a message was cancelled: `cancel_reason` in the queue.

use std::{fmt, str::FromStr};

use domain::{release::RefuseReason, text_enum::UnknownText};

/// Why a message will never be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelReason {
    /// Somebody cancelled it.
    Person,
    /// Two contacts turned out to be one person, who gets that broadcast already.
    Duplicate,
    /// It was to be sent again, and then it showed that it had arrived.
    Arrived,
    /// A rule refused it for good.
    Rule(RefuseReason),
}

impl CancelReason {
    /// The stable text: `person`, `duplicate`, `arrived`, or the rule's reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Duplicate => "duplicate",
            Self::Arrived => "arrived",
            Self::Rule(reason) => reason.as_str(),
        }
    }
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CancelReason {
    type Err = UnknownText;

    fn from_str(text: &str) -> Result<Self, UnknownText> {
        match text {
            "person" => Ok(Self::Person),
            "duplicate" => Ok(Self::Duplicate),
            "arrived" => Ok(Self::Arrived),
            rule => rule.parse().map(Self::Rule),
        }
    }
}
