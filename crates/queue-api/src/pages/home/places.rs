//! Where the pages are on which the things of home are settled: other areas' addresses, all of them here.

use domain::session::SessionName;

pub(super) fn uncertain(session: &SessionName) -> String {
    format!("/queue?session={session}&status=uncertain")
}

pub(super) fn failed(session: &SessionName) -> String {
    format!("/queue?session={session}&status=failed")
}

/// What was put aside for somebody to look at.
pub(super) fn aside(session: &SessionName) -> String {
    format!("/queue?session={session}&status=pending&wait=review")
}

/// What waits to be sent.
pub(super) fn waiting(session: &SessionName) -> String {
    format!("/queue?session={session}&status=pending")
}

/// Contacts who may have asked for no more.
pub(super) const SUSPENDED: &str = "/conversations?show=suspended";

/// Who wrote to a spouse and is on no list.
pub(super) const UNKNOWN_WRITERS: &str = "/conversations/unknown";
