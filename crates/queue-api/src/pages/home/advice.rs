//! What to do about a session that is not as it should be: a text for every state and problem, and the one button that does it.

use domain::session::{SessionName, SessionProblem, SessionState};
use domain::waha_image;
use storage::SessionRow;

use super::Action;
use crate::pages::frame::Frame;

/// What a button does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Remedy {
    /// Nothing that a page can do.
    None,
    /// Linking the phone.
    Pair,
    /// Whatever leads to a linked phone.
    Link,
    /// Unlinking the phone, to link it anew.
    LogOut,
    /// Letting one message be tried.
    TryAgain,
}

/// What to say about the session, and the button that does it. `None`: all is well.
pub(in crate::pages) fn advice(
    f: &Frame,
    row: &SessionRow,
    problem: Option<SessionProblem>,
) -> Option<(String, Option<Action>)> {
    let (key, remedy) = remedy(row.state, problem)?;
    let server = row.server.as_deref();
    let image = waha_image::instead_of(server);
    let args = [
        ("server", server.unwrap_or_default().into()),
        ("image", image.into()),
    ];
    let linked_before = row.first_connected_at.is_some();
    let action = remedy.action(f, &row.name, linked_before);
    Some((f.with(&key, &args), action))
}

/// What to say, by its key, and what to do. `None`: all is well.
fn remedy(state: SessionState, problem: Option<SessionProblem>) -> Option<(String, Remedy)> {
    match (problem, state) {
        (Some(problem), state) => Some((format!("home-problem-{problem}"), about(problem, state))),
        (None, SessionState::Connected) => None,
        (None, state) => Some((format!("home-state-{state}"), after(state))),
    }
}

const fn about(problem: SessionProblem, state: SessionState) -> Remedy {
    match problem {
        // Linking and sending go on.
        SessionProblem::KnownBad
        | SessionProblem::VersionUnknown
        | SessionProblem::PasskeyRequired
        | SessionProblem::PasskeyConfirmationRequired => after(state),
        SessionProblem::SessionMissing | SessionProblem::CodesUsedUp | SessionProblem::Unlinked => {
            Remedy::Link
        }
        SessionProblem::StoreOff | SessionProblem::SameNumber => Remedy::LogOut,
        SessionProblem::SendingForbidden
        | SessionProblem::SendingUnstable
        | SessionProblem::SendingTooFast
        | SessionProblem::SendingRejected
        | SessionProblem::SendingUnclear => Remedy::TryAgain,
        SessionProblem::WahaAway
        | SessionProblem::KeyRefused
        | SessionProblem::TooOld
        | SessionProblem::WorkerAway
        | SessionProblem::Restricted
        | SessionProblem::ClientOutdated => Remedy::None,
    }
}

const fn after(state: SessionState) -> Remedy {
    match state {
        SessionState::Connected => Remedy::None,
        SessionState::Qr => Remedy::Pair,
        SessionState::Connecting | SessionState::Failed | SessionState::Disconnected => {
            Remedy::Link
        }
    }
}

impl Remedy {
    /// The button, if there is one.
    fn action(self, f: &Frame, session: &SessionName, linked_before: bool) -> Option<Action> {
        let at = |end: &str| format!("/pairing/{session}{end}");
        match self {
            Self::None => None,
            Self::Pair => Some(Action::page(f, at(""), "home-pair")),
            Self::Link if linked_before => Some(Action::form(f, at("/link"), "home-link-again")),
            Self::Link => Some(Action::form(f, at("/link"), "home-link")),
            Self::LogOut => Some(Action::page(f, at("/log-out"), "home-link-anew")),
            Self::TryAgain => {
                let address = format!("/sessions/{session}/try-again");
                Some(Action::form(f, address, "home-try-again"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_state_and_every_problem_has_its_words() {
        let problems = SessionProblem::ALL.iter().copied().map(Some);
        let all = problems.chain([None]);
        for problem in all {
            for state in SessionState::ALL.iter().copied() {
                let Some((key, _)) = remedy(state, problem) else {
                    assert_eq!((state, problem), (SessionState::Connected, None));
                    continue;
                };
                for language in [Language::Italian, Language::English] {
                    let args = [("server", "2026.8.1 GOWS".into()), ("image", "gows".into())];
                    let text = words(language).with(&key, &args);
                    assert!(!text.contains('⟦'), "{language}: {key}");
                    let another_image = problem.is_some_and(SessionProblem::needs_another_image);
                    let names_arm = text.contains("(su ARM: docs/waha.md)")
                        || text.contains("(on ARM: docs/waha.md)");
                    assert_eq!(names_arm, another_image, "{language}: {key}");
                    let badge = format!("home-badge-{state}");
                    assert!(
                        words(language).find(&badge).is_some(),
                        "{language}: {badge}"
                    );
                }
            }
        }
    }

    #[test]
    fn whatever_a_page_can_mend_has_its_button() {
        let of = |state, problem| remedy(state, problem).map(|(_, remedy)| remedy);
        assert_eq!(of(SessionState::Qr, None), Some(Remedy::Pair));
        assert_eq!(of(SessionState::Disconnected, None), Some(Remedy::Link));
        assert_eq!(of(SessionState::Failed, None), Some(Remedy::Link));
        let stopped = Some(SessionProblem::SessionMissing);
        assert_eq!(of(SessionState::Disconnected, stopped), Some(Remedy::Link));
        let banned = Some(SessionProblem::Restricted);
        assert_eq!(of(SessionState::Failed, banned), Some(Remedy::None));
        let away = Some(SessionProblem::WahaAway);
        assert_eq!(of(SessionState::Disconnected, away), Some(Remedy::None));
        let passkey = Some(SessionProblem::PasskeyRequired);
        assert_eq!(of(SessionState::Qr, passkey), Some(Remedy::Pair));
        let known_bad = Some(SessionProblem::KnownBad);
        assert_eq!(of(SessionState::Connected, known_bad), Some(Remedy::None));
        assert_eq!(of(SessionState::Qr, known_bad), Some(Remedy::Pair));
    }
}
