//! Who answers an invitation, and in which language: read from the guests of the household.

use crate::{config::Language, phone_number::PhoneNumber, session::SessionName};

/// One guest of a household, as far as its invitation asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitedGuest {
    /// Whose guest, by session.
    pub side: Option<SessionName>,
    /// The language to write in.
    pub language: Option<Language>,
}

/// A spouse whom guests can write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Their session.
    pub session: SessionName,
    /// The number that is linked there, once one was.
    pub number: Option<PhoneNumber>,
}

/// The spouse of most of the guests who have one among `hosts`; of two with as many, the one of the guest who was added
/// first. When no guest has one: the first of `hosts` who can be written to. `None`: nobody can.
///
/// `guests` come in the order in which they were added, `hosts` in that of the installation.
pub fn host<'a>(guests: &[InvitedGuest], hosts: &'a [Host]) -> Option<&'a Host> {
    let side_of = |guest: &InvitedGuest| {
        let side = guest.side.as_ref()?;
        hosts.iter().find(|host| host.session == *side)
    };
    let mut counted: Vec<(&Host, u32)> = Vec::new();
    for side in guests.iter().filter_map(side_of) {
        match counted.iter_mut().find(|(host, _)| *host == side) {
            Some((_, count)) => *count += 1,
            None => counted.push((side, 1)),
        }
    }
    // of equal ones `max_by_key` takes the last, so the first added goes last
    let most = counted.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(host, _)| host)
        .or_else(|| hosts.iter().find(|host| host.number.is_some()))
}

/// The language of the first guest who has one, or the couple's own.
pub fn language(guests: &[InvitedGuest], couples: Language) -> Language {
    let first = guests.iter().find_map(|guest| guest.language);
    first.unwrap_or(couples)
}
