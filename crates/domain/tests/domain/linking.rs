//! What *link* does in every state, and why a session has failed.

use chrono::TimeDelta;
use domain::linking::{LinkStep, LinkWait, cause_of_failure, next_step};
use domain::session::{SessionProblem, SessionState};
use rstest::rstest;

/// What a person must do elsewhere before a QR code can come.
const ELSEWHERE: [SessionProblem; 6] = [
    SessionProblem::WahaAway,
    SessionProblem::KeyRefused,
    SessionProblem::TooOld,
    SessionProblem::SameNumber,
    SessionProblem::Restricted,
    SessionProblem::ClientOutdated,
];

const PASSKEY: [SessionProblem; 2] = [
    SessionProblem::PasskeyRequired,
    SessionProblem::PasskeyConfirmationRequired,
];

#[test]
fn has_a_step_for_every_state_and_problem() {
    let problems = SessionProblem::ALL.iter().copied().map(Some).chain([None]);
    for problem in problems {
        for state in SessionState::ALL.iter().copied() {
            let expected = match state {
                _ if problem.is_some_and(|problem| ELSEWHERE.contains(&problem)) => {
                    LinkStep::Waits(LinkWait::Person)
                }
                SessionState::Connected => LinkStep::Waits(LinkWait::Nothing),
                SessionState::Qr if problem.is_some_and(|problem| PASSKEY.contains(&problem)) => {
                    LinkStep::Waits(LinkWait::Passkey)
                }
                SessionState::Qr => LinkStep::Waits(LinkWait::Scan),
                SessionState::Connecting => LinkStep::Waits(LinkWait::Waha),
                SessionState::Disconnected => LinkStep::Start,
                SessionState::Failed if problem == Some(SessionProblem::Unlinked) => {
                    LinkStep::LogOut
                }
                SessionState::Failed => LinkStep::Restart,
            };
            assert_eq!(next_step(state, problem), expected, "{state} {problem:?}");
        }
    }
}

#[rstest]
#[case::told(
    Some(SessionProblem::Restricted),
    SessionState::Qr,
    None,
    Some(SessionProblem::Restricted),
    160
)]
#[case::told_later(
    Some(SessionProblem::Restricted),
    SessionState::Failed,
    Some(SessionProblem::CodesUsedUp),
    Some(SessionProblem::Restricted),
    160
)]
#[case::after_the_qr(None, SessionState::Qr, None, Some(SessionProblem::CodesUsedUp), 160)]
#[case::soon_after_the_qr(None, SessionState::Qr, None, None, 20)]
#[case::scanned_and_asked_for_a_passkey(
    None,
    SessionState::Qr,
    Some(SessionProblem::PasskeyRequired),
    None,
    160
)]
#[case::known_already(
    None,
    SessionState::Failed,
    Some(SessionProblem::ClientOutdated),
    Some(SessionProblem::ClientOutdated),
    160
)]
#[case::linked_before(None, SessionState::Connected, None, None, 160)]
#[case::started_before(
    None,
    SessionState::Connecting,
    Some(SessionProblem::Unlinked),
    None,
    160
)]
fn tells_the_cause_by_what_waha_says_or_by_the_state_before(
    #[case] told: Option<SessionProblem>,
    #[case] before: SessionState,
    #[case] known: Option<SessionProblem>,
    #[case] cause: Option<SessionProblem>,
    #[case] shown_for: i64,
) {
    let shown_for = TimeDelta::seconds(shown_for);
    assert_eq!(cause_of_failure(told, before, known, shown_for), cause);
}
