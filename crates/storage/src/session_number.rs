//! One own number on one session: what evidence, conversations and counts belong to.
//!
//! The rule that must hold: what was written to another number proves nothing and is counted for that number alone.

use domain::session::SessionName;

/// A session with one of the own numbers that were linked to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionNumber<'a> {
    pub(crate) session: &'a SessionName,
    /// Its digits. Empty for rows of earlier versions whose number is not known.
    pub(crate) number: &'a str,
}

/// `linked_number!("$2")`: the own number of that session; its evidence serves, also while the session is away.
macro_rules! linked_number {
    ($session:literal) => {
        concat!(
            "(SELECT l.own_number FROM whatsapp_session_status l WHERE l.name = ",
            $session,
            ")"
        )
    };
}
pub(crate) use linked_number;
