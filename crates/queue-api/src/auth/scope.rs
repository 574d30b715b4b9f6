//! What a token may do. No scope includes another: a token has exactly those it was made with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of the API that a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Seeing messages, guests, contacts, sessions and settings.
    Read,
    /// Enqueuing, editing and cancelling messages, and the guest list.
    Enqueue,
    /// Everything that steers: sessions, pairing, send now, settling, settings, tokens, audit.
    Operate,
}

/// Not a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is read, enqueue or operate")]
pub struct UnknownScope;

impl Scope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Enqueue => "enqueue",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        [Self::Read, Self::Enqueue, Self::Operate]
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or(UnknownScope)
    }
}

/// A scope as a type, so that a handler's signature says what it needs.
pub(crate) trait Needs {
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($name:ident)+) => {$(
        #[doc = concat!("Needs `Scope::", stringify!($name), "`.")]
        pub(crate) enum $name {}

        impl Needs for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )+};
}

needs! { Read Enqueue Operate }
