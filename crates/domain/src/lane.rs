//! The lanes a message can be queued in, and the two lanes the limits know (design §6).

use std::time::Duration;

use crate::Timestamp;

text_enum! {
    /// How a message was queued.
    pub enum Lane("lane") {
        /// Written by a person as an answer to a guest.
        Reply = "reply",
        /// Written by a person, not as an answer.
        Manual = "manual",
        /// One copy of the same news to many.
        Broadcast = "broadcast",
    }
}

text_enum! {
    /// Which limits apply: the two lanes of design §6.
    pub enum ReleaseLane("release lane") {
        /// A person's answer to a contact who wrote on this session in the last 24 h.
        Reply = "reply",
        /// Everything else.
        Automatic = "automatic",
    }
}

/// A contact who wrote this long ago can still be answered in the reply lane (design §6).
pub const REPLY_WINDOW: Duration = Duration::from_hours(24);

impl Lane {
    /// The lane of a message that answers one of the guest's: whoever quotes them replies, whatever else was said.
    #[must_use]
    pub const fn of_answer(self) -> Self {
        match self {
            Self::Manual | Self::Reply => Self::Reply,
            Self::Broadcast => Self::Broadcast,
        }
    }

    /// The lane whose limits hold for a message queued in this lane, given when the contact wrote last.
    pub fn release_lane(self, last_in_at: Option<Timestamp>, now: Timestamp) -> ReleaseLane {
        match (self, last_in_at) {
            (Self::Reply, Some(at)) if at + REPLY_WINDOW >= now => ReleaseLane::Reply,
            _ => ReleaseLane::Automatic,
        }
    }
}
