//! First contact (design §6): a guest writes for the first time, and all that waited for that could go at once. One piece of
//! news is welcome, five old ones are not: the newest leaves, the older ones are for a person to look at.
//!
//! Not here: what people wrote by hand. All of that goes, by the usual rules.

use crate::{Timestamp, ids::MessageId};

/// A broadcast's copy that waited for its guest to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingNews {
    /// Which.
    pub message: MessageId,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// Not earlier than this.
    pub not_before: Option<Timestamp>,
    /// Not later than this.
    pub not_after: Option<Timestamp>,
    /// A person said: now. A person's word is not taken back.
    pub send_now: bool,
}

/// What becomes of a copy at first contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstContact {
    /// It goes, by the usual rules: the newest, what a person sent now, and what is scheduled for later.
    Goes,
    /// There is newer news: a person decides.
    PutAside,
    /// Its last moment has passed.
    Expired,
}

impl WaitingNews {
    /// From when on it would have gone, had the guest written before; of two of that moment the later one is newer.
    fn age(&self) -> (Timestamp, MessageId) {
        let from = self
            .not_before
            .map_or(self.queued_at, |at| at.max(self.queued_at));
        (from, self.message)
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        self.not_after.is_some_and(|at| at < now)
    }

    /// Whether it is the guest alone that it has waited for: one that is scheduled for later has not.
    fn is_overdue(&self, now: Timestamp) -> bool {
        !self.send_now && !self.is_expired(now) && self.age().0 <= now
    }
}

/// What becomes of each, in the order given, when the guest writes at `now`.
pub fn first_contact(news: &[WaitingNews], now: Timestamp) -> Vec<FirstContact> {
    let overdue = news.iter().filter(|one| one.is_overdue(now));
    let newest = overdue.map(WaitingNews::age).max();
    let fate = |one: &WaitingNews| {
        if one.is_expired(now) {
            FirstContact::Expired
        } else if one.is_overdue(now) && Some(one.age()) != newest {
            FirstContact::PutAside
        } else {
            FirstContact::Goes
        }
    };
    news.iter().map(fate).collect()
}
