//! A queue that tests play: one session at a moment, its contacts, what waits for them.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    config::Pacing,
    ids::MessageId,
    release::{
        ContactFacts, Departure, Guests, Pace, Rehearsal, ReleaseRules, Rulebook, Scene,
        WaitingMessage, rehearse, rehearse_one,
    },
};
use rand::{SeedableRng, rngs::StdRng};

use super::world::{World, some_contact};

/// A queue to be played, from a moment on.
pub(super) struct Queue {
    pub(super) scene: Scene,
    pub(super) now: Timestamp,
    rules: ReleaseRules,
    dice: StdRng,
}

impl Queue {
    pub(super) fn at(now: Timestamp) -> Self {
        let world = World::new();
        let mut session = world.session;
        session.first_connected_at = Some(now - TimeDelta::days(30));
        let scene = Scene {
            session,
            waiting: Vec::new(),
            contacts: HashMap::new(),
            under_way: None,
            guests: Guests::default(),
        };
        Self {
            scene,
            now,
            rules: world.rules,
            dice: StdRng::seed_from_u64(9),
        }
    }

    /// The n-th contact, who wrote two days ago.
    pub(super) fn contact(&mut self, n: u64) -> &mut ContactFacts {
        let id = some_contact(1000 + n);
        let wrote = self.now - TimeDelta::days(2);
        self.scene.contacts.entry(id).or_insert_with(|| {
            let mut facts = World::new().contact;
            facts.contact = id;
            facts.evidence.as_mut().expect("wrote").at = wrote;
            facts
        })
    }

    pub(super) fn message(&mut self, to: u64) -> MessageId {
        self.message_with(to, |_| {})
    }

    pub(super) fn message_with(
        &mut self,
        to: u64,
        change: impl FnOnce(&mut WaitingMessage),
    ) -> MessageId {
        let contact = self.contact(to).contact;
        // a millisecond each keeps the order in which they are queued
        let queued = i64::try_from(self.scene.waiting.len()).expect("few") - 5_000;
        let at = self.now + TimeDelta::milliseconds(queued);
        let mut message = WaitingMessage {
            message: MessageId::new(at, &mut self.dice),
            contact,
            priority: 0,
            chars: 60,
            facts: World::new().message,
            wait: None,
            waits_out_unanswered: false,
        };
        message.facts.queued_at = at;
        change(&mut message);
        self.scene.waiting.push(message);
        self.scene.waiting[self.scene.waiting.len() - 1].message
    }

    pub(super) fn played_by<T>(&self, play: impl FnOnce(&Pace<'_>, &mut StdRng) -> T) -> T {
        let pace = Pace {
            book: &Rulebook::default(),
            rules: &self.rules,
            pacing: &Pacing::default(),
        };
        play(&pace, &mut StdRng::seed_from_u64(4))
    }

    pub(super) fn rehearse(&self) -> Rehearsal {
        self.played_by(|pace, dice| rehearse(&self.scene, pace, self.now, dice))
    }

    pub(super) fn departure(&self, message: MessageId) -> Option<Departure> {
        self.played_by(|pace, dice| rehearse_one(&self.scene, message, pace, self.now, dice))
    }
}
