//! The messages of a scene in the order of the claim, prepared once for all performances.

use std::collections::HashMap;

use crate::{
    Timestamp,
    ids::{ContactId, MessageId},
    lane::Lane,
    release::ContactFacts,
};

use super::{Band, Departure, Scene, WaitingMessage};

/// The claim's ranks, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    SendNow,
    Reply,
    Rest,
}

impl Rank {
    pub(super) const ALL: [Self; 3] = [Self::SendNow, Self::Reply, Self::Rest];

    const fn of(message: &WaitingMessage) -> Self {
        match message.facts.lane {
            _ if message.facts.send_now => Self::SendNow,
            Lane::Reply => Self::Reply,
            Lane::Manual | Lane::Broadcast => Self::Rest,
        }
    }
}

/// Sorted by priority and id. A *place* is an index into it, a *seat* one into the contacts.
pub(super) struct Lineup<'a> {
    messages: Vec<&'a WaitingMessage>,
    seats: Vec<usize>,
    contacts: Vec<ContactFacts>,
    of_contact: Vec<Vec<usize>>,
}

impl<'a> Lineup<'a> {
    pub(super) fn of(scene: &'a Scene) -> Self {
        let mut messages: Vec<_> = scene.waiting.iter().collect();
        messages.sort_unstable_by_key(|one| (std::cmp::Reverse(one.priority), one.message));
        let mut lineup = Self {
            seats: Vec::with_capacity(messages.len()),
            contacts: Vec::new(),
            of_contact: Vec::new(),
            messages: Vec::new(),
        };
        let mut known = HashMap::new();
        for (place, message) in messages.iter().enumerate() {
            let seat = *known
                .entry(message.contact)
                .or_insert_with(|| lineup.seat(scene, message.contact));
            lineup.seats.push(seat);
            lineup.of_contact[seat].push(place);
        }
        lineup.messages = messages;
        lineup
    }

    fn seat(&mut self, scene: &Scene, contact: ContactId) -> usize {
        let facts = scene.contacts.get(&contact).cloned();
        self.contacts
            .push(facts.unwrap_or_else(|| ContactFacts::who_wrote(contact, None)));
        self.of_contact.push(Vec::new());
        self.contacts.len() - 1
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn message(&self, place: usize) -> &'a WaitingMessage {
        self.messages[place]
    }

    pub(super) fn rank(&self, place: usize) -> Rank {
        Rank::of(self.messages[place])
    }

    pub(super) fn seat_of(&self, place: usize) -> usize {
        self.seats[place]
    }

    pub(super) fn contacts(&self) -> &[ContactFacts] {
        &self.contacts
    }

    /// The places of a contact's messages.
    pub(super) fn of_seat(&self, seat: usize) -> &[usize] {
        &self.of_contact[seat]
    }

    pub(super) fn place_of(&self, message: MessageId) -> Option<usize> {
        self.messages.iter().position(|one| one.message == message)
    }

    pub(super) fn departure(&self, place: usize, (at, band): (Timestamp, Band)) -> Departure {
        let WaitingMessage {
            message, contact, ..
        } = *self.messages[place];
        Departure {
            message,
            contact,
            at,
            band,
        }
    }
}
