//! Truth about delivery: does WhatsApp confirm what a session sends?
//!
//! A session can say "connected" and take messages that go nowhere (WAHA §9.2). What gives it away is that receipts stay out. A
//! phone that is off is no reason: WhatsApp itself confirms the message (ack 1), at the latest when the chat is read. So what
//! counts is a send without *any* receipt, and only behind the newest send that has one: a single lost receipt, overtaken by
//! others, is not a session's trouble.

use std::time::Duration;

use crate::{Timestamp, session::SessionState};

/// Receipts of so long ago are still read again (design §8): what has none by then never gets one, and is not waited for.
pub const READ_AGAIN: Duration = Duration::from_hours(3 * 24);

/// What is known of the receipts for what a session sent in the time of [`READ_AGAIN`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFacts {
    /// What the session can do.
    pub state: SessionState,
    /// Since when it is in that state.
    pub since: Timestamp,
    /// When the newest send that got any receipt, a refusal included, had left.
    pub newest_confirmed: Option<Timestamp>,
    /// When the sends left that got none.
    pub unconfirmed: Vec<Timestamp>,
}

/// A connected session whose sends get no receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingReceipts {
    /// When the oldest of them left.
    pub since: Timestamp,
    /// How many sends have waited too long.
    pub sends: u32,
}

impl ReceiptFacts {
    /// Whether the session's sends get no receipts for longer than `patience`. While it is not connected there is nothing to
    /// warn of, and after it came back its receipts have the whole time again.
    pub fn missing(&self, patience: Duration, now: Timestamp) -> Option<MissingReceipts> {
        if self.state != SessionState::Connected {
            return None;
        }
        let overdue = || {
            let late = |at: &&Timestamp| (**at).max(self.since) + patience <= now;
            let last = |at: &&Timestamp| Some(**at) > self.newest_confirmed;
            self.unconfirmed.iter().filter(late).filter(last)
        };
        Some(MissingReceipts {
            since: *overdue().min()?,
            sends: u32::try_from(overdue().count()).unwrap_or(u32::MAX),
        })
    }
}

impl MissingReceipts {
    /// The stable code.
    pub const CODE: &str = "no_receipts";

    /// What it means and what to do, in an English sentence. The page has its own, per language.
    pub const SENTENCE: &str = "The session says that it is connected, but WhatsApp confirms nothing of what it sends: look on the phone \
         whether the messages are in the chats, and restart the session; if that does not help, log out and link the phone anew.";
}
