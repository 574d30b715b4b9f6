//! Where the ids of rows come from that only the store makes, and the tokens of invitations.
//!
//! The rule that must hold: of two ids made here for the same moment, the later one sorts later, so that a timeline reads in order.

use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    Timestamp,
    ids::{
        AccountId, AuditId, ContactId, ConversationMessageId, EventId, GuestId, HouseholdId,
        InvitationId, MessageId, ReservationId, UnknownWriterId,
    },
    invitation::InvitationToken,
};
use rand::{SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Makes ids. Clones draw from the same dice.
#[derive(Clone)]
pub(crate) struct RowIds(Arc<Mutex<Source>>);

struct Source {
    dice: StdRng,
    made: u64,
}

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
    /// Somebody who signs in.
    account: AccountId;
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
    /// A guest read from a file.
    guest: GuestId;
    /// People who are invited together.
    household: HouseholdId;
    /// An invitation of theirs.
    invitation: InvitationId;
    /// A message of the queue.
    message: MessageId;
    /// Somebody who wrote and is on no list.
    unknown_writer: UnknownWriterId;
}

impl RowIds {
    /// Dice that fall the same way for the same seed; without one, the operating system's.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let dice = seed.map_or_else(rand::make_rng, StdRng::seed_from_u64);
        Self(Arc::new(Mutex::new(Source { dice, made: 0 })))
    }

    /// A line of a message's timeline, which sorts behind the line `newest` whatever the clocks of their writers show.
    pub(crate) fn event_after(&self, newest: Option<EventId>, at: Timestamp) -> EventId {
        let fresh = self.event(at);
        match newest {
            Some(newest) if fresh <= newest => self.event(made_at(&newest.as_uuid()) + MOMENT),
            _ => fresh,
        }
    }

    /// A message of the queue, which sorts behind the message `newest` whatever the clock shows.
    pub(crate) fn message_after(&self, newest: Option<MessageId>, at: Timestamp) -> MessageId {
        let behind = newest.map(|newest| made_at(&newest.as_uuid()) + MOMENT);
        self.message(behind.map_or(at, |behind| at.max(behind)))
    }

    /// A fresh secret for an invitation.
    pub(crate) fn invitation_token(&self) -> InvitationToken {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        InvitationToken::new(&mut source.dice)
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
        source.made += 1;
        let numbered = with_number(uuid(&fresh), source.made);
        // A UUID's own text always reads.
        numbered.to_string().parse().unwrap_or(fresh)
    }
}

/// Ids have milliseconds.
const MOMENT: Duration = Duration::from_millis(1);

/// The time that an id was made for (RFC 9562 §5.7).
fn made_at(id: &Uuid) -> Timestamp {
    let millis = i64::try_from(id.as_u128() >> 80).unwrap_or_default();
    Timestamp::from_timestamp_millis(millis).unwrap_or_default()
}

/// The id with the lowest 42 bits of `number` right behind its time; 32 bits of chance stay (RFC 9562 §6.2, method 1).
///
/// The number is never set back: facts of different moments are written in turn, and an id must sort behind the one
/// made for the same moment before, whatever came between them.
fn with_number(id: Uuid, number: u64) -> Uuid {
    /// The 12 bits between the version and the variant.
    const HIGH: u128 = 0xFFF << 64;
    /// The first 30 bits behind the variant.
    const LOW: u128 = 0x3FFF_FFFF << 32;
    let number = u128::from(number);
    let spread = ((number >> 30 << 64) & HIGH) | ((number << 32) & LOW);
    Uuid::from_u128((id.as_u128() & !(HIGH | LOW)) | spread)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-23T11:00:00Z".parse().expect("a time")
    }

    #[test]
    fn ids_of_one_moment_sort_as_they_were_made_whatever_came_between() {
        let ids = RowIds::new(None);
        let (now, later) = (noon(), noon() + TimeDelta::hours(1));
        let mut made = Vec::new();
        for _ in 0..1_000 {
            made.push(ids.event(now));
            ids.reservation(later);
        }
        assert!(made.is_sorted());
        assert_eq!(made[0].as_uuid().get_version_num(), 7);
    }

    #[test]
    fn a_line_sorts_behind_the_newest_one_whatever_the_clock_shows() {
        let (one, other) = (RowIds::new(None), RowIds::new(None));
        let mut made = vec![one.event(noon())];
        for at in [noon(), noon() - TimeDelta::hours(1), noon()] {
            made.push(other.event_after(made.last().copied(), at));
        }
        assert!(made.is_sorted(), "{made:?}");
    }

    #[test]
    fn two_processes_never_make_the_same_id() {
        let (one, other) = (RowIds::new(None), RowIds::new(None));
        let now = noon();
        assert_ne!(one.event(now), other.event(now));
    }

    #[test]
    fn the_number_keeps_its_order_over_all_its_bits() {
        let id = Uuid::from_u128(0x0190_b5c8_7b6d_7c3a_8f21_0a1b_2c3d_4e5f);
        let low = with_number(id, (1 << 30) - 1);
        let high = with_number(id, 1 << 30);
        assert!(low < high && high < with_number(id, (1 << 42) - 1));
        assert_eq!(high.get_version_num(), 7);
    }
}
