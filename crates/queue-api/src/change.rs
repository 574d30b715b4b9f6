//! One field of a PATCH: left out it stays, `null` takes it away, a value replaces it.

use serde::{Deserialize, Deserializer};

/// What is to become of a field.
#[derive(Debug, Default)]
pub(crate) enum Change<T> {
    /// Left out.
    #[default]
    Stays,
    /// `null`.
    TakenAway,
    /// A value.
    Becomes(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(value)?;
        Ok(value.map_or(Self::TakenAway, Self::Becomes))
    }
}

impl<T> Change<T> {
    /// As the store takes it; `read` makes something of the value, or notes what is wrong with it.
    #[expect(
        clippy::option_option,
        reason = "the store tells what stays from what is taken away"
    )]
    pub(crate) fn read<U>(self, read: impl FnOnce(T) -> Option<U>) -> Option<Option<U>> {
        match self {
            Self::Stays => None,
            Self::TakenAway => Some(None),
            Self::Becomes(value) => read(value).map(Some),
        }
    }
}
