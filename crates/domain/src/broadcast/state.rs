//! The life of a broadcast, drawn and then written once.
//!
//! ```text
//!   draft ──start──► started ◄──resume── paused
//!                       │ └─────pause──────▲ │
//!                       └──cancel──► cancelled ◄──┘
//! ```
//!
//! That it is done is no state: it shows when no copy of it is left to go.

use crate::wait::{AwaitedPerson, Wait, WaitReason};

text_enum! {
    /// Where a broadcast is in its life.
    pub enum BroadcastState("broadcast state") {
        /// Being written: nothing of it is in the queue.
        Draft = "draft",
        /// Its copies are in the queue, and go as the rules allow.
        Started = "started",
        /// None of its copies goes until a person resumes it.
        Paused = "paused",
        /// What had not left never will.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What a person does to a broadcast.
    pub enum BroadcastVerb("broadcast verb") {
        /// Put all copies into the queue.
        Start = "start",
        /// Let none go.
        Pause = "pause",
        /// Let them go again.
        Resume = "resume",
        /// Give up what has not left.
        Cancel = "cancel",
    }
}

/// The verb does not fit the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a broadcast that is {from} cannot be moved by {verb}")]
pub struct InvalidBroadcastChange {
    /// The state it is in.
    pub from: BroadcastState,
    /// What was tried.
    pub verb: BroadcastVerb,
}

impl BroadcastVerb {
    /// The state that it leads to.
    pub const fn leads_to(self) -> BroadcastState {
        match self {
            Self::Start | Self::Resume => BroadcastState::Started,
            Self::Pause => BroadcastState::Paused,
            Self::Cancel => BroadcastState::Cancelled,
        }
    }
}

impl BroadcastState {
    /// The state after `verb`, or why there is none.
    pub const fn after(self, verb: BroadcastVerb) -> Result<Self, InvalidBroadcastChange> {
        match (self, verb) {
            (Self::Draft, BroadcastVerb::Start)
            | (Self::Started, BroadcastVerb::Pause)
            | (Self::Paused, BroadcastVerb::Resume)
            | (Self::Started | Self::Paused, BroadcastVerb::Cancel) => Ok(verb.leads_to()),
            _ => Err(InvalidBroadcastChange { from: self, verb }),
        }
    }

    /// Whether its copies are in the queue and may still go.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Started | Self::Paused)
    }

    /// What keeps its copies from going.
    pub const fn wait(self) -> Option<Wait> {
        match self {
            Self::Paused => Some(Wait::person(
                WaitReason::BroadcastPaused,
                AwaitedPerson::ResumeBroadcast,
            )),
            Self::Draft | Self::Started | Self::Cancelled => None,
        }
    }
}
