//! Where a message is, in one word that people understand: its status, and while it is on its way the last step of it.

use domain::message_status::MessageStatus;
use storage::MessageRow;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Phase {
    Due,
    Waiting,
    Starting,
    Reading,
    Typing,
    Pausing,
    Sending,
    Sent,
    Delivered,
    Read,
    Failed,
    Uncertain,
    Cancelled,
}

impl Phase {
    #[cfg(test)]
    const ALL: [Self; 13] = [
        Self::Due,
        Self::Waiting,
        Self::Starting,
        Self::Reading,
        Self::Typing,
        Self::Pausing,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Uncertain,
        Self::Cancelled,
    ];

    /// The phase of that message. `step`: the last one of its timeline, while it is composed.
    pub(super) fn of(row: &MessageRow, waits: bool, step: Option<&str>) -> Self {
        match row.status {
            MessageStatus::Pending if waits => Self::Waiting,
            MessageStatus::Pending => Self::Due,
            MessageStatus::Composing => match step {
                Some("reading") => Self::Reading,
                Some("typing") => Self::Typing,
                Some("pausing") => Self::Pausing,
                _ => Self::Starting,
            },
            MessageStatus::Sending => Self::Sending,
            MessageStatus::Sent if row.read_at.is_some() => Self::Read,
            MessageStatus::Sent if row.delivered_at.is_some() => Self::Delivered,
            MessageStatus::Sent => Self::Sent,
            MessageStatus::Failed => Self::Failed,
            MessageStatus::Uncertain => Self::Uncertain,
            MessageStatus::Cancelled => Self::Cancelled,
        }
    }

    /// The key of its text.
    pub(in crate::pages) const fn key(self) -> &'static str {
        match self {
            Self::Due => "queue-phase-due",
            Self::Waiting => "queue-phase-waiting",
            Self::Starting => "queue-phase-starting",
            Self::Reading => "queue-phase-reading",
            Self::Typing => "queue-phase-typing",
            Self::Pausing => "queue-phase-pausing",
            Self::Sending => "queue-phase-sending",
            Self::Sent => "queue-phase-sent",
            Self::Delivered => "queue-phase-delivered",
            Self::Read => "queue-phase-read",
            Self::Failed => "queue-phase-failed",
            Self::Uncertain => "queue-phase-uncertain",
            Self::Cancelled => "queue-phase-cancelled",
        }
    }

    /// How its badge looks.
    pub(in crate::pages) const fn tone(self) -> &'static str {
        match self {
            Self::Due | Self::Waiting | Self::Cancelled => "",
            Self::Starting | Self::Reading | Self::Typing | Self::Pausing | Self::Sending => "live",
            Self::Sent | Self::Delivered | Self::Read => "good",
            Self::Failed => "bad",
            Self::Uncertain => "warn",
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_phase_has_its_word() {
        for phase in Phase::ALL {
            for language in [Language::Italian, Language::English] {
                assert!(words(language).find(phase.key()).is_some(), "{phase:?}");
            }
        }
    }
}
