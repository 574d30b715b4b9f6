//! Another own number was linked to a session: its guests have to write to it before anything can be sent to them.

use std::time::Duration;

use crate::Timestamp;

/// So long people are told.
const TOLD: Duration = Duration::from_hours(7 * 24);

/// A number that replaced another one a short while ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberChange {
    /// Since when it is linked.
    pub since: Timestamp,
}

impl NumberChange {
    /// The stable code.
    pub const CODE: &str = "number_changed";

    /// What it means and what to do, in an English sentence. The page has its own, per language.
    pub const SENTENCE: &str = "Another number is linked to this session: guests have to write to it before anything is sent to them. Share their invitations again, which \
         hold the new number, and print the QR codes anew.";

    /// The change, for the week in which people are told of it, and only of a number that is new here (`first`, when it was first linked,
    /// is not before `since`). Guests have written to one that comes back, and the codes that were printed for it hold again.
    pub fn told(
        since: Option<Timestamp>,
        first: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Self> {
        since
            .filter(|since| *since + TOLD > now && first >= Some(*since))
            .map(|since| Self { since })
    }
}
