//! `GET /sessions/{session}`: WAHA's many states and failures as the few that people are told.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chassis::problem::ProblemPath;
use chassis::{Clock, Problem};
use domain::session::{SessionName, SessionProblem, SessionState};
use domain::waha_capabilities::Support;
use domain::waha_server::ServerVersion;
use domain::wire::{OwnAccount, SessionView};
use waha::{FailureCause, Me, SessionInfo, SessionStatus, WahaError};

use super::knowledge::Knowledge;
use super::own_number::OwnChats;
use super::restrictions;
use crate::app::{App, Session};
use crate::reading::direct;

pub(crate) async fn session(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Result<Json<SessionView>, Problem> {
    let session = app.session(&name)?;
    Ok(Json(read_view(session, &app.clock).await))
}

/// Reads the session. Never fails: a WAHA that does not answer is a state, too.
pub(crate) async fn read_view(session: &Session, clock: &Clock) -> SessionView {
    // together, because a WAHA that hangs would make us wait for each
    let (server, read) = tokio::join!(server(session), session.waha.session());
    let (state, problem) = judged(session, &read);
    if problem == Some(SessionProblem::WahaAway) {
        // it may come back as another release
        session.knowledge.forget_server();
    }
    if let Ok(Some(info)) = &read {
        session.passkey.follow(&info.status);
    }
    // only a working session proves that `me` is logged in
    let me = match (state, read) {
        (SessionState::Connected, Ok(Some(info))) => info.me,
        _ => None,
    };
    if let Some(me) = &me {
        session.knowledge.learn_own_chats(OwnChats::of(me));
    }
    SessionView {
        state,
        problem,
        restriction: match &me {
            Some(me) => restrictions::time_lock(session, me, server.as_ref()).await,
            None => None,
        },
        capping: match &me {
            Some(me) => restrictions::capping(session, me, server.as_ref(), clock.now()).await,
            None => None,
        },
        own: me.and_then(own),
        server: server.map(|server| server.to_string()),
        at: clock.now(),
    }
}

/// What a reading of the session says of its state, and of why it failed.
pub(crate) fn judged(
    session: &Session,
    read: &Result<Option<SessionInfo>, WahaError>,
) -> (SessionState, Option<SessionProblem>) {
    let knowledge = &session.knowledge;
    if let Ok(Some(info)) = read {
        knowledge.learn_status(&info.status);
    }
    let (state, problem) = judge(read, knowledge);
    let cause = match (state, read) {
        (SessionState::Failed, Ok(Some(info))) => info.failure_cause().max(knowledge.failure()),
        _ => None,
    };
    (state, cause.map(named_cause).or(problem))
}

const fn named_cause(cause: FailureCause) -> SessionProblem {
    match cause {
        FailureCause::CodesUsedUp => SessionProblem::CodesUsedUp,
        FailureCause::Unlinked => SessionProblem::Unlinked,
        FailureCause::ClientOutdated => SessionProblem::ClientOutdated,
        FailureCause::Restricted => SessionProblem::Restricted,
    }
}

/// The server as it was at the last set-up pass, or as it says now.
pub(super) async fn server(session: &Session) -> Option<ServerVersion> {
    if session.knowledge.server().is_none() {
        session.knowledge.learn_server(session.waha.version().await);
    }
    session.knowledge.server()
}

fn judge(
    read: &Result<Option<SessionInfo>, WahaError>,
    knowledge: &Knowledge,
) -> (SessionState, Option<SessionProblem>) {
    use SessionProblem as Problem;
    use SessionState as State;
    let support = knowledge.server().map(|server| server.support());
    // before WAHA has answered, nothing is claimed of its release
    let defect = match support {
        Some(Support::KnownBad) => Some(Problem::KnownBad),
        None if knowledge.version_unknown() => Some(Problem::VersionUnknown),
        _ => None,
    };
    match read {
        Ok(_) if support == Some(Support::TooOld) => (State::Disconnected, Some(Problem::TooOld)),
        Ok(None) => (State::Disconnected, Some(Problem::SessionMissing)),
        Ok(Some(info)) => match info.status {
            SessionStatus::Working if knowledge.store_off() => {
                (State::Connected, Some(Problem::StoreOff))
            }
            SessionStatus::Working => (State::Connected, defect),
            SessionStatus::ScanQrCode => (State::Qr, defect),
            SessionStatus::PasskeyRequired => (State::Qr, Some(Problem::PasskeyRequired)),
            SessionStatus::PasskeyConfirmationRequired => {
                (State::Qr, Some(Problem::PasskeyConfirmationRequired))
            }
            SessionStatus::Starting => (State::Connecting, defect),
            // why it failed is more urgent, and told where WAHA says it
            SessionStatus::Failed => (State::Failed, None),
            SessionStatus::Stopped => (State::Disconnected, Some(Problem::SessionMissing)),
            SessionStatus::Unknown(_) => (State::Disconnected, defect),
        },
        Err(WahaError::Unauthorized) => (State::Disconnected, Some(Problem::KeyRefused)),
        Err(WahaError::SessionMissing | WahaError::OnlyDefaultSession | WahaError::NotFound) => {
            (State::Disconnected, Some(Problem::SessionMissing))
        }
        Err(
            WahaError::Refused
            | WahaError::TimedOut
            | WahaError::Broken
            | WahaError::SessionAway { .. }
            | WahaError::NotImplemented
            | WahaError::StoreOff
            | WahaError::Rejected { .. }
            | WahaError::Unreadable,
        ) => (State::Disconnected, Some(Problem::WahaAway)),
    }
}

/// The account as our other services know it.
pub(crate) fn own(me: Me) -> Option<OwnAccount> {
    Some(OwnAccount {
        chat: direct(&me.id)?,
        lid: me.lid.as_ref().and_then(direct),
        name: me.push_name,
    })
}
