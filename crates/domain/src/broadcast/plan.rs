//! Who gets what: the guest list, an audience and a template put together. What is shown before the start and what is queued
//! at the start is this one function.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{
    Addressee, Advice, Audience, Candidate, Known, Named, RenderError, Template, advice::advice,
    audience::Look,
};
use crate::{
    Timestamp,
    config::Language,
    ids::{ContactId, GuestId},
    message_text::MessageText,
    phone_number::PhoneNumber,
    session::SessionName,
};

/// What a plan is made from, beside the guests.
#[derive(Debug, Clone, Copy)]
pub struct Planning<'a> {
    /// What is said.
    pub template: &'a Template,
    /// To whom.
    pub audience: &'a Audience,
    /// The sessions there are.
    pub sessions: &'a [SessionName],
    /// The session that writes to those who are nobody's guests and have written to nobody.
    pub default_session: &'a SessionName,
    /// The language of whoever has none of their own.
    pub language: Language,
    /// A contact whose last word is older is cold.
    pub cold_after: Duration,
    /// The present.
    pub now: Timestamp,
}

/// One copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastCopy {
    /// To whom.
    pub contact: ContactId,
    /// Their number, when known.
    pub phone: Option<PhoneNumber>,
    /// The guests who get it with this contact, in the order of the list.
    pub guests: Vec<(GuestId, String)>,
    /// Who writes.
    pub session: SessionName,
    /// What it says, or why nothing can be said.
    pub text: Result<MessageText, RenderError>,
    /// When they wrote last to that session; without, the copy waits until they do.
    pub wrote_at: Option<Timestamp>,
    /// That was so long ago that only a few such contacts are written to each day.
    pub is_cold: bool,
    /// Nothing was ever sent to them.
    pub is_first: bool,
}

text_enum! {
    /// Why a guest for whom the broadcast is gets no copy of their own.
    pub enum WhyLeftOut("reason to be left out") {
        /// A person took them out.
        Excluded = "excluded",
        /// No number is known of them.
        NoNumber = "no_number",
        /// They want no messages.
        OptedOut = "opted_out",
        /// They may want none: somebody has to read what they wrote and decide.
        Suspended = "suspended",
        /// They have this broadcast already.
        HasCopy = "has_copy",
        /// One copy is for all who share a phone, and it names them.
        SharesPhone = "shares_phone",
    }
}

/// A guest without a copy of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Who.
    pub guest: GuestId,
    /// Their name.
    pub name: String,
    /// Their contact, when known.
    pub contact: Option<ContactId>,
    /// Why.
    pub why: WhyLeftOut,
}

/// Who gets what, and who does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The copies, in the order in which they are queued: that of the guest list.
    pub copies: Vec<BroadcastCopy>,
    /// Guests for whom it is, without a copy of their own.
    pub left_out: Vec<LeftOut>,
    /// What the guide would say.
    pub advice: Vec<Advice>,
}

impl Plan {
    /// Puts it together. `guests` in the order of the list, `contacts` as far as they are known.
    pub fn new(
        planning: Planning<'_>,
        guests: &[Candidate],
        contacts: &HashMap<ContactId, Known>,
    ) -> Self {
        let mut left_out = Vec::new();
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places: HashMap<ContactId, usize> = HashMap::new();
        let without: HashSet<&GuestId> = planning.audience.without.iter().collect();
        for guest in guests {
            let known = guest.contact.and_then(|id| Some((id, contacts.get(&id)?)));
            if !planning.is_for(guest, known.map(|(_, known)| known)) {
                continue;
            }
            let why = match known {
                _ if without.contains(&guest.guest) => WhyLeftOut::Excluded,
                None => WhyLeftOut::NoNumber,
                Some((_, known)) if known.opted_out_at.is_some() => WhyLeftOut::OptedOut,
                Some((_, known)) if known.suspended_at.is_some() => WhyLeftOut::Suspended,
                Some((_, known)) if known.has_copy => WhyLeftOut::HasCopy,
                Some((contact, known)) => {
                    let fresh = groups.len();
                    let place = *places.entry(contact).or_insert(fresh);
                    if place == fresh {
                        groups.push(Group::new(contact, known));
                    }
                    groups[place].guests.push(guest);
                    if place == fresh {
                        continue;
                    }
                    WhyLeftOut::SharesPhone
                }
            };
            left_out.push(LeftOut::new(guest, why));
        }
        let copies: Vec<BroadcastCopy> = groups.iter().map(|group| planning.copy(group)).collect();
        Self {
            advice: advice(planning.template, &copies),
            copies,
            left_out,
        }
    }

    /// The copies that cannot be written: with one of them nothing is started.
    pub fn unwritten(&self) -> impl Iterator<Item = (&BroadcastCopy, RenderError)> {
        let error = |copy: &BroadcastCopy| copy.text.as_ref().err().copied();
        self.copies
            .iter()
            .filter_map(move |copy| Some((copy, error(copy)?)))
    }
}

/// The guests who share a contact.
struct Group<'a> {
    contact: ContactId,
    known: &'a Known,
    guests: Vec<&'a Candidate>,
}

impl<'a> Group<'a> {
    const fn new(contact: ContactId, known: &'a Known) -> Self {
        Self {
            contact,
            known,
            guests: Vec::new(),
        }
    }
}

impl LeftOut {
    fn new(guest: &Candidate, why: WhyLeftOut) -> Self {
        Self {
            guest: guest.guest,
            name: guest.name.clone(),
            contact: guest.contact,
            why,
        }
    }
}

impl Planning<'_> {
    fn is_for(&self, guest: &Candidate, known: Option<&Known>) -> bool {
        let look = Look {
            known,
            session: self.session(std::iter::once(guest), known),
            language: self.language,
            cold_after: self.cold_after,
            now: self.now,
        };
        self.audience.is_for(guest, &look)
    }

    /// Who writes: the spouse whose guests they are, else the one they wrote to last, else the broadcast's own choice.
    fn session<'s>(
        &'s self,
        mut guests: impl Iterator<Item = &'s Candidate>,
        known: Option<&'s Known>,
    ) -> &'s SessionName {
        let side = guests.find_map(|guest| {
            let side = guest.side.as_ref();
            side.filter(|side| self.sessions.contains(side))
        });
        side.or_else(|| known?.wrote_last_to(self.sessions))
            .unwrap_or(self.default_session)
    }

    fn copy(&self, group: &Group<'_>) -> BroadcastCopy {
        let session = self.session(group.guests.iter().copied(), Some(group.known));
        let wrote_at = group.known.wrote_to(session);
        let language = group.guests.iter().find_map(|guest| guest.language);
        let named: Vec<Named<'_>> = group.guests.iter().map(|guest| guest.named()).collect();
        let to = Addressee::of(group.contact, &named, language.unwrap_or(self.language));
        let guests = group.guests.iter();
        BroadcastCopy {
            contact: group.contact,
            phone: group.known.phone.clone(),
            guests: guests
                .map(|guest| (guest.guest, guest.name.clone()))
                .collect(),
            session: session.clone(),
            text: self.template.render(&to),
            wrote_at,
            is_cold: wrote_at.is_some_and(|at| at + self.cold_after < self.now),
            is_first: !group.known.sent_before,
        }
    }
}
