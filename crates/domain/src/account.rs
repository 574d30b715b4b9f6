//! People who sign in to the couple's page, and what each may do (design §9).

use crate::session::SessionName;

text_enum! {
    /// What somebody is to this installation.
    pub enum Role("role") {
        /// One of the spouses: messages, guests, everything.
        Couple = "couple",
        /// The friend who runs it: settings, tokens, audit and health; what is written only while a spouse allows it.
        Operator = "operator",
    }
}

/// Whom an account is for: a spouse has a session of their own, an operator has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// The spouse whose session this is.
    Spouse(SessionName),
    /// The friend who runs it.
    Operator,
}

impl Person {
    /// Their role.
    pub const fn role(&self) -> Role {
        match self {
            Self::Spouse(_) => Role::Couple,
            Self::Operator => Role::Operator,
        }
    }

    /// The session that is theirs.
    pub const fn session(&self) -> Option<&SessionName> {
        match self {
            Self::Spouse(session) => Some(session),
            Self::Operator => None,
        }
    }
}
