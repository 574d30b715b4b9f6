//! Linking a phone: what *link* does about a session in each state. The API, the page and the integration use this one table.

use chrono::TimeDelta;

use crate::session::{SessionProblem, SessionState};

text_enum! {
    /// What a session waits for after *link*.
    pub enum LinkWait("link wait") {
        /// Nothing: a phone is linked.
        Nothing = "nothing",
        /// A phone that scans the QR code, or on which the pairing code is typed.
        Scan = "scan",
        /// The passkey that WhatsApp asks for.
        Passkey = "passkey",
        /// WAHA: it starts, or holds the QR code back. A start that is stuck for 150 s is restarted once.
        Waha = "waha",
        /// A look at the phone: the session FAILED again after a restart, and WAHA does not say why. A person who sees no restriction there
        /// permits the log-out.
        Phone = "phone",
        /// Another press: nothing runs any more. WAHA refused too many steps, or no QR code came in time.
        Press = "press",
        /// What the advice of the session says, to be done elsewhere.
        Person = "person",
    }
}

text_enum! {
    /// Whether *link* may log a FAILED session out, which ends its login.
    pub enum LogOutPermission("log-out permission") {
        /// Never: the number is locked, and may be banned.
        Never = "never",
        /// Only while WAHA says that the phone was unlinked.
        ToldUnlinked = "told_unlinked",
        /// Also where WAHA does not say why: it said earlier that the phone was unlinked, or a person saw no restriction on the phone.
        Untold = "untold",
    }
}

/// A little less than a series of QR codes takes: 60 s and five times 20 s (WAHA §3).
const QR_SERIES: TimeDelta = TimeDelta::seconds(150);

/// The next step towards a linked phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStep {
    /// None: the session waits for this.
    Waits(LinkWait),
    /// Create, configure and start the session.
    Start,
    /// Restart it. The login stays, where there is one.
    Restart,
    /// Log it out: WhatsApp revoked its login.
    LogOut,
}

/// The next step for a session in `state` with `problem`.
///
/// A FAILED session whose cause is unknown is restarted, which loses nothing. Whether one that fails again may be logged out is decided by
/// [`LogOutPermission`]: its login may be revoked, and its number may be banned.
pub const fn next_step(state: SessionState, problem: Option<SessionProblem>) -> LinkStep {
    use SessionProblem as Problem;
    match (state, problem) {
        (
            _,
            Some(
                Problem::WahaAway
                | Problem::KeyRefused
                | Problem::TooOld
                | Problem::SameNumber
                | Problem::Restricted
                | Problem::ClientOutdated,
            ),
        ) => LinkStep::Waits(LinkWait::Person),
        (SessionState::Connected, _) => LinkStep::Waits(LinkWait::Nothing),
        (
            SessionState::Qr,
            Some(Problem::PasskeyRequired | Problem::PasskeyConfirmationRequired),
        ) => LinkStep::Waits(LinkWait::Passkey),
        (SessionState::Qr, _) => LinkStep::Waits(LinkWait::Scan),
        (SessionState::Connecting, _) => LinkStep::Waits(LinkWait::Waha),
        (SessionState::Disconnected, _) => LinkStep::Start,
        (SessionState::Failed, Some(Problem::Unlinked)) => LinkStep::LogOut,
        (SessionState::Failed, _) => LinkStep::Restart,
    }
}

/// Why a session has FAILED; `None`: WAHA does not say. `told`: the problem in this view. `before` and `known`: the state and
/// problem that were stored.
///
/// Where WAHA tells no cause, the state before does: QR codes are used up after a whole series of them, which takes 160 s. `shown_for`: how
/// long the state before lasted. A session that fails earlier may have been scanned and refused.
pub fn cause_of_failure(
    told: Option<SessionProblem>,
    before: SessionState,
    known: Option<SessionProblem>,
    shown_for: TimeDelta,
) -> Option<SessionProblem> {
    if told.is_some_and(SessionProblem::is_cause_of_failure) {
        return told;
    }
    match before {
        SessionState::Failed => known.filter(|known| known.is_cause_of_failure()).or(told),
        // a phone has scanned: the codes were not used up
        SessionState::Qr if known.is_some_and(asks_for_passkey) => told,
        SessionState::Qr if shown_for < QR_SERIES => told,
        SessionState::Qr => Some(SessionProblem::CodesUsedUp),
        SessionState::Connected | SessionState::Connecting | SessionState::Disconnected => told,
    }
}

const fn asks_for_passkey(problem: SessionProblem) -> bool {
    matches!(
        problem,
        SessionProblem::PasskeyRequired | SessionProblem::PasskeyConfirmationRequired
    )
}
