//! Chats that WAHA refuses to read, while the session says that it is connected: what was written there may be missed.

use std::time::Duration;

use crate::Timestamp;

/// For so long nobody is told: most of it passes by itself.
const PATIENCE: Duration = Duration::from_mins(5);

/// Chats of a session that could not be read for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadChats {
    /// Since when the first of them is refused.
    pub since: Timestamp,
    /// How many.
    pub chats: u32,
}

impl UnreadChats {
    /// The stable code.
    pub const CODE: &str = "chats_unread";

    /// What it means and what to do, in an English sentence. The page has its own, per language.
    pub const SENTENCE: &str = "WAHA refuses to read some chats, so what was written there may be missing here: look on the phone whether \
         guests have written, and restart the session; if that does not help, log out and link the phone anew.";

    /// Those of the refused chats, each given by since when, that have been so for too long.
    pub fn of(refused: impl Iterator<Item = Timestamp>, now: Timestamp) -> Option<Self> {
        let late = |since: &Timestamp| *since + PATIENCE <= now;
        refused
            .filter(late)
            .fold(None, |unread: Option<Self>, since| {
                let (first, others) =
                    unread.map_or((since, 0), |unread| (unread.since, unread.chats));
                Some(Self {
                    since: first.min(since),
                    chats: others + 1,
                })
            })
    }
}
