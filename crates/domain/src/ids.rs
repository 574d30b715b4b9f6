//! One type for each kind of id, so that a contact can never be passed for a message.
//! All are UUIDv7: they sort by the time they were made. They are built from the caller's clock and dice.

use std::{fmt, str::FromStr};

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// The text is not an id: ids are UUIDs such as `0190b5c8-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: an id is a UUID such as 01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id that sorts at `at`.
            pub fn new(at: Timestamp, dice: &mut impl Rng) -> Self {
                Self(uuid_v7(at, dice))
            }

            /// The UUID inside.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )*};
}

ids! {
    /// One outgoing message in the queue.
    MessageId;
    /// One WhatsApp identity, its phone and its LIDs folded together.
    ContactId;
    /// One person on the guest list.
    GuestId;
    /// People who are invited together.
    HouseholdId;
    /// One invitation of a household.
    InvitationId;
    /// Somebody who wrote and is on no list.
    UnknownWriterId;
    /// One try to compose and send one message. At most one WAHA call is ever made for it.
    AttemptId;
    /// One line of a message's timeline.
    EventId;
    /// One message of a conversation with a guest, either way.
    ConversationMessageId;
    /// One slot of the sending budget.
    ReservationId;
    /// One piece of news sent to many.
    BroadcastId;
    /// One API token.
    TokenId;
    /// One person who signs in to the couple's page.
    AccountId;
    /// One running worker process.
    WorkerId;
    /// One line of the audit log.
    AuditId;
}

fn uuid_v7(at: Timestamp, dice: &mut impl Rng) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let random: [u8; 10] = dice.random();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
