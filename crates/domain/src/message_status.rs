//! The life of a message (design §5), drawn and then written once. Nothing else moves a message.
//!
//! ```text
//!    queued ──► pending ◄──────────────┐ release, put_back, send_again, retry
//!                 │ claim              │
//!                 ▼                    │
//!             composing ───────────────┤ (cancel: cancelled)
//!                 │ commit = point of no return
//!                 ▼                    │
//!              sending ──► sent ──► failed (ack −1, no better ack seen so far)
//!                 │          ▲         │ ack_better: one came after all
//!                 │          └─────────┘
//!                 ├──────► failed ◄──┐
//!                 └──────► uncertain ┴─► sent
//! ```
//!
//! Not drawn: a message that a person has had tried again is `sent`, from `pending`, `composing` or `cancelled`, when the earlier send
//! turns out to have arrived (`ack_better`). An uncertain message goes back to `pending` when a late answer proves that it was not
//! sent (`put_back`); a message that is `sent` by a person's word alone fails then (`fail`).

text_enum! {
    /// Where a message is in its life.
    pub enum MessageStatus("message status") {
        /// Waits in the queue.
        Pending = "pending",
        /// Being read, typed and paused for; nothing has left.
        Composing = "composing",
        /// Committed: the one call to WAHA may be under way.
        Sending = "sending",
        /// Accepted by WhatsApp's side.
        Sent = "sent",
        /// Provably not delivered; only a person's retry moves it.
        Failed = "failed",
        /// Nobody can say whether it left; settled by evidence or a person.
        Uncertain = "uncertain",
        /// Will never be sent.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What can happen to a message.
    pub enum Verb("verb") {
        /// The worker takes it and starts a composition.
        Claim = "claim",
        /// The composition ended before the commit.
        Release = "release",
        /// The point of no return.
        Commit = "commit",
        /// WAHA accepted it, or the chat shows it.
        Sent = "sent",
        /// Provably not sent, and not by a passing state.
        Fail = "fail",
        /// Provably not sent because the session was away.
        PutBack = "put_back",
        /// No answer proves anything.
        Doubt = "doubt",
        /// A person decides that an uncertain message goes again.
        SendAgain = "send_again",
        /// A person, an expiry or an opt-out ends it before it left.
        Cancel = "cancel",
        /// WhatsApp refused it after the answer (ack −1).
        AckError = "ack_error",
        /// A better receipt shows that WhatsApp has it after all: receipts come in any order, also after a person's retry.
        AckBetter = "ack_better",
        /// A person tries a failed one again.
        Retry = "retry",
    }
}

/// The verb does not fit the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message that is {from} cannot be moved by {verb}")]
pub struct InvalidTransition {
    /// The status it is in.
    pub from: MessageStatus,
    /// What was tried.
    pub verb: Verb,
}

impl MessageStatus {
    /// The status after `verb`, or why there is none.
    pub const fn after(self, verb: Verb) -> Result<Self, InvalidTransition> {
        use MessageStatus::{Cancelled, Composing, Failed, Pending, Sending, Sent, Uncertain};
        Ok(match (self, verb) {
            (Pending, Verb::Claim) => Composing,
            (Composing, Verb::Commit) => Sending,
            (Composing, Verb::Release)
            | (Sending | Uncertain, Verb::PutBack)
            | (Uncertain, Verb::SendAgain)
            | (Failed, Verb::Retry) => Pending,
            (Sending | Uncertain, Verb::Sent)
            | (Failed | Pending | Composing | Cancelled, Verb::AckBetter) => Sent,
            (Sending | Uncertain | Sent, Verb::Fail) | (Sent, Verb::AckError) => Failed,
            (Sending, Verb::Doubt) => Uncertain,
            (Pending | Composing, Verb::Cancel) => Cancelled,
            _ => return Err(InvalidTransition { from: self, verb }),
        })
    }

    /// Whether an attempt is open: the session works on it right now.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Composing | Self::Sending)
    }
}
