//! Where the pages are on which the things of home are settled: other areas' addresses, all of them here.

use domain::ids::{ContactId, HouseholdId, MessageId};
use domain::session::SessionName;

pub(super) fn uncertain(session: &SessionName) -> String {
    format!("/queue?session={session}&status=uncertain")
}

pub(super) fn failed(session: &SessionName) -> String {
    format!("/queue?session={session}&status=failed")
}

/// What was put aside for somebody to look at: a list of home's own.
pub(super) fn aside(session: &SessionName) -> String {
    format!("/needs/aside/{session}")
}

/// Where somebody decides about a message.
pub(super) fn message(id: MessageId) -> String {
    format!("/queue/{id}")
}

/// Where somebody decides about a contact.
pub(super) fn contact(id: ContactId) -> String {
    format!("/conversations/{id}")
}

/// What waits to be sent.
pub(super) fn waiting(session: &SessionName) -> String {
    format!("/queue?session={session}&status=pending")
}

/// Contacts who may have asked for no more: a list of home's own.
pub(super) const SUSPENDED: &str = "/needs/suspended";

/// Guests' messages that can be read on the phone only: a list of home's own.
pub(super) const UNREADABLE: &str = "/needs/unreadable";

/// Where they are dismissed.
pub(super) fn dismiss_unreadable(contact: ContactId) -> String {
    format!("{UNREADABLE}/{contact}")
}

/// Guests who may not be getting messages: a list of home's own.
pub(super) const UNDELIVERED: &str = "/needs/undelivered";

/// Where they are dismissed.
pub(super) fn dismiss_undelivered(contact: ContactId) -> String {
    format!("{UNDELIVERED}/{contact}")
}

/// Phones that came in by a code and are no person's yet: a list of home's own.
pub(super) const PHONES: &str = "/needs/phones";

/// Where somebody says whose they are.
pub(super) fn household(id: HouseholdId) -> String {
    format!("/guests/households/{id}")
}

/// Contacts that had been mixed up with the account itself: a list of home's own.
pub(super) const UNCONFIRMED: &str = "/needs/unconfirmed";

/// Where one of them is confirmed.
pub(super) fn confirm(contact: ContactId) -> String {
    format!("{UNCONFIRMED}/{contact}")
}

/// Guests whose chats will be cold on the wedding day: a list of home's own.
pub(super) const GOING_COLD: &str = "/needs/going-cold";

/// Who wrote to a spouse and is on no list.
pub(super) const UNKNOWN_WRITERS: &str = "/conversations/unknown";
