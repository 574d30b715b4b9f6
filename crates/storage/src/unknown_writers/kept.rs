//! What is kept of an unknown writer, and what one more message changes in it. Reading and deciding only.

use chrono::TimeDelta;
use domain::{Timestamp, ids::HouseholdId};

/// Whoever has not written for so long is forgotten (design §4).
pub(super) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(30);

/// Times that differ by less are as good as equal: chatter must not cost a write for each message.
const HARDLY: TimeDelta = TimeDelta::minutes(1);

/// What is kept of a writer, opened.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(super) push_name: Option<String>,
    pub(super) suggested: Option<HouseholdId>,
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    pub(super) ignored_at: Option<Timestamp>,
}

/// What one message tells of its writer.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) at: Timestamp,
    pub(crate) push_name: Option<&'a str>,
    pub(crate) suggestion: Option<Suggestion>,
}

/// They wrote the token of a household's invitation.
#[derive(Clone, Copy)]
pub(crate) struct Suggestion {
    pub(crate) household: HouseholdId,
    /// The invitation has not expired: it brings back also those who were ignored.
    pub(crate) recalls: bool,
}

impl Kept {
    /// What is to be kept after that message, `before` being kept so far; `None`: nothing at all.
    pub(super) fn after(before: Option<&Self>, seen: Seen<'_>, now: Timestamp) -> Option<Self> {
        let Some(before) = before else {
            return (seen.at + FORGOTTEN_AFTER > now).then(|| Self::first(seen));
        };
        let suggestion = seen.suggestion.filter(|told| match before.ignored_at {
            None => true,
            Some(since) => told.recalls && seen.at > since,
        });
        let speaks_up = before.ignored_at.is_none_or(|since| seen.at > since);
        if !speaks_up || (!before.is_visible() && suggestion.is_none()) {
            return Some(before.clone());
        }
        // Chats are read again and again: what an older message told does not undo what a newer one did.
        let newest = seen.at >= before.last_at;
        let push_name = seen.push_name.map(str::to_owned);
        let suggested = suggestion.map(|told| told.household);
        Some(Self {
            push_name: newer(before.push_name.clone(), push_name, newest),
            suggested: newer(before.suggested, suggested, newest),
            first_at: before.first_at.min(seen.at),
            last_at: before.last_at.max(seen.at),
            ignored_at: before.ignored_at,
        })
    }

    fn first(seen: Seen<'_>) -> Self {
        Self {
            push_name: seen.push_name.map(str::to_owned),
            suggested: seen.suggestion.map(|told| told.household),
            first_at: seen.at,
            last_at: seen.at,
            ignored_at: None,
        }
    }

    /// Two rows turned out to be one person's.
    pub(super) fn joined(self, other: Self) -> Self {
        let (newest, older) = if self.last_at >= other.last_at {
            (self, other)
        } else {
            (other, self)
        };
        let ignored_at = newest.ignored_at.max(older.ignored_at);
        let of_both = Self {
            push_name: newest.push_name.or(older.push_name),
            suggested: newest.suggested.or(older.suggested),
            first_at: newest.first_at.min(older.first_at),
            last_at: newest.last_at,
            ignored_at,
        };
        // A name that one of them was known by must not come back with the other's.
        if of_both.is_visible() {
            of_both
        } else {
            of_both.nameless()
        }
    }

    /// What is left of it at that time; `None`: they were forgotten.
    pub(super) fn left_at(self, now: Timestamp) -> Option<Self> {
        let is_old = self.last_at + FORGOTTEN_AFTER <= now;
        match self.ignored_at {
            None if is_old => None,
            Some(_) if is_old => Some(self.nameless()),
            _ => Some(self),
        }
    }

    fn nameless(self) -> Self {
        Self {
            push_name: None,
            suggested: None,
            ..self
        }
    }

    /// Whether the spouse is shown them: also when they were ignored and then came with an invitation.
    pub(super) const fn is_visible(&self) -> bool {
        self.ignored_at.is_none() || self.suggested.is_some()
    }

    pub(super) fn hardly_differs(&self, other: &Self) -> bool {
        let close = |a: Timestamp, b: Timestamp| (a - b).abs() < HARDLY;
        self.push_name == other.push_name
            && self.suggested == other.suggested
            && self.ignored_at == other.ignored_at
            && close(self.first_at, other.first_at)
            && close(self.last_at, other.last_at)
    }
}

fn newer<T>(before: Option<T>, told: Option<T>, is_newest: bool) -> Option<T> {
    match (before, told) {
        (Some(before), Some(told)) => Some(if is_newest { told } else { before }),
        (before, told) => before.or(told),
    }
}
