//! Where the ids of rows come from that only the store makes: events, audit lines, contacts, reservations.
//!
//! The rule that must hold: of two ids made here for the same moment, the later one sorts later, so that a timeline reads in order.

use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Timestamp,
    ids::{AuditId, ContactId, ConversationMessageId, EventId, ReservationId},
};
use rand::{SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Makes ids. Clones draw from the same dice.
#[derive(Clone)]
pub(crate) struct RowIds(Arc<Mutex<Source>>);

struct Source {
    dice: StdRng,
    last: Uuid,
}

/// A UUIDv7 begins with 48 bits of time; the other 80 are chance.
const CHANCE_BITS: u32 = 80;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident: $id:ident;)*) => {
        impl RowIds {$(
            $(#[$doc])*
            pub(crate) fn $name(&self, at: Timestamp) -> $id {
                self.next(at, |at, dice| $id::new(at, dice), |id| id.as_uuid())
            }
        )*}
    };
}

rows! {
    /// A line of a message's timeline.
    event: EventId;
    /// A line of the audit log.
    audit: AuditId;
    /// A contact seen for the first time.
    contact: ContactId;
    /// A message of a conversation.
    conversation_message: ConversationMessageId;
    /// A slot of the budget.
    reservation: ReservationId;
}

impl RowIds {
    /// Dice that fall the same way for the same seed; without one, the operating system's.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let dice = seed.map_or_else(rand::make_rng, StdRng::seed_from_u64);
        let last = Uuid::nil();
        Self(Arc::new(Mutex::new(Source { dice, last })))
    }

    fn next<T: FromStr>(
        &self,
        at: Timestamp,
        make: impl Fn(Timestamp, &mut StdRng) -> T,
        uuid: impl Fn(&T) -> Uuid,
    ) -> T {
        // A draw that panicked leaves a generator that is still a generator.
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = make(at, &mut source.dice);
        let (number, last) = (uuid(&fresh).as_u128(), source.last.as_u128());
        let same_moment = number >> CHANCE_BITS == last >> CHANCE_BITS;
        if !same_moment || number > last {
            source.last = uuid(&fresh);
            return fresh;
        }
        source.last = Uuid::from_u128(last + 1);
        // A UUID's own text always reads.
        source.last.to_string().parse().unwrap_or(fresh)
    }
}
