//! Who could get a broadcast: the guest list, and what is known of the contacts behind it. Storage reads both at one moment.

use super::Named;
use crate::{
    Timestamp,
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};

/// A guest on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub guest: GuestId,
    /// Their name.
    pub name: String,
    /// Whose guest.
    pub side: Option<SessionName>,
    /// The language they are written to in.
    pub language: Option<Language>,
    /// With whom they are invited.
    pub household: HouseholdId,
    /// That household's name, when it has one.
    pub household_name: Option<String>,
    /// The WhatsApp identity; several guests may share one.
    pub contact: Option<ContactId>,
}

/// What is known of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number, when known.
    pub phone: Option<PhoneNumber>,
    /// When it asked for no more messages.
    pub opted_out_at: Option<Timestamp>,
    /// When it wrote something that may mean "no more", and nobody has decided since.
    pub suspended_at: Option<Timestamp>,
    /// It has a copy of this broadcast already.
    pub has_copy: bool,
    /// When it wrote last to each session where there is evidence that it did.
    pub wrote: Vec<(SessionName, Timestamp)>,
    /// Something was sent to it before.
    pub sent_before: bool,
}

impl Candidate {
    pub(super) fn named(&self) -> Named<'_> {
        Named {
            name: &self.name,
            household: self.household_name.as_deref(),
        }
    }
}

impl Known {
    /// When it wrote last to that session.
    pub(super) fn wrote_to(&self, session: &SessionName) -> Option<Timestamp> {
        let found = self.wrote.iter().find(|(name, _)| name == session);
        found.map(|(_, at)| *at)
    }

    /// Which of these sessions it wrote to last.
    pub fn wrote_last_to(&self, sessions: &[SessionName]) -> Option<&SessionName> {
        let known = self
            .wrote
            .iter()
            .filter(|(name, _)| sessions.contains(name));
        known.max_by_key(|(_, at)| *at).map(|(name, _)| name)
    }
}
