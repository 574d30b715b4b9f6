//! Writes what differs, and starts what is stopped. Works for versions that forget the configuration at every restart
//! and stay STOPPED, as for those that keep it: a login that is there is never touched.

use std::time::Duration;

use domain::waha_capabilities::Support;
use tracing::{info, warn};
use waha::{SessionConfig, SessionInfo, SessionStatus, WahaError};

use super::wanted::wanted;
use crate::app::Session;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arranged {
    /// Everything was as it should be.
    Nothing,
    /// Something was written or started.
    Something,
    /// Something must be written, but an attempt is open.
    Busy,
}

/// A session that is STOPPED for less is a flap, which ends by itself (WAHA §2.4).
const FLAP: Duration = Duration::from_mins(1);
/// Between two starts of a STOPPED session that is configured as it must be.
const BETWEEN_STARTS: Duration = Duration::from_mins(5);

pub(super) async fn arrange(session: &Session) -> Result<Arranged, WahaError> {
    if is_arranged(session, session.waha.session().await?.as_ref()) {
        return Ok(Arranged::Nothing);
    }
    write_what_differs(session).await
}

/// Creates or configures the session where that is needed, and starts it at once: a person asks for it.
pub(crate) async fn start_now(session: &Session) -> Result<(), WahaError> {
    write_what_differs(session).await.map(drop)
}

/// Restarts the session, whose store WAHA refuses to read.
pub(super) async fn restart_for_store(session: &Session) -> Result<Arranged, WahaError> {
    let Ok(_stage) = session.stage.try_lock() else {
        return Ok(Arranged::Busy);
    };
    if session.attempts.any_open() {
        return Ok(Arranged::Busy);
    }
    if !session.knowledge.takes_restart_for_store() {
        return Ok(Arranged::Nothing);
    }
    let name = session.name.as_str();
    info!(
        session = name,
        "WAHA refuses to read the store; restarting the session"
    );
    let _one_at_a_time = session.operations.lock().await;
    session.knowledge.learn_events_missed(true);
    session.waha.restart().await?;
    Ok(Arranged::Something)
}

async fn write_what_differs(session: &Session) -> Result<Arranged, WahaError> {
    let Ok(_stage) = session.stage.try_lock() else {
        return Ok(Arranged::Busy);
    };
    // one that was opened just now waits for the stage
    if session.attempts.any_open() {
        return Ok(Arranged::Busy);
    }
    let _one_at_a_time = session.operations.lock().await;
    let found = session.waha.session().await?;
    // what came while it was otherwise may have been told to nobody
    session.knowledge.learn_events_missed(true);
    write(session, found).await?;
    Ok(Arranged::Something)
}

/// Whether nothing is to be written or started. A server that is too old is left as it is.
pub(super) fn is_arranged(session: &Session, found: Option<&SessionInfo>) -> bool {
    let server = session.knowledge.server();
    if server.is_some_and(|server| server.support() == Support::TooOld) {
        return true;
    }
    let Some(found) = found else {
        return false;
    };
    !start_is_due(session, found) && change(session, found.config.as_ref()).is_none()
}

fn start_is_due(session: &Session, found: &SessionInfo) -> bool {
    let knowledge = &session.knowledge;
    let again = knowledge
        .started_ago()
        .is_none_or(|ago| ago >= BETWEEN_STARTS);
    found.status == SessionStatus::Stopped
        && knowledge.status_lasts(&SessionStatus::Stopped) >= FLAP
        && again
}

/// The configuration to write, when something we want is otherwise on the server.
fn change(session: &Session, here: Option<&SessionConfig>) -> Option<SessionConfig> {
    let wanted = wanted(session, session.knowledge.server().as_ref());
    let nothing = SessionConfig::default();
    let here = here.unwrap_or(&nothing);
    let needed = here.differs_from(&wanted) && !session.knowledge.is_stubborn(here);
    needed.then(|| here.overlaid_with(&wanted))
}

async fn write(session: &Session, found: Option<SessionInfo>) -> Result<(), WahaError> {
    let name = session.name.as_str();
    let Some(found) = found else {
        info!(session = name, "WAHA has no such session; creating it");
        let config = wanted(session, session.knowledge.server().as_ref());
        return session.waha.create(&config, true).await;
    };
    if let Some(config) = change(session, found.config.as_ref()) {
        info!(
            session = name,
            "the session is configured otherwise; writing what differs"
        );
        put(session, &config).await?;
    }
    if found.status == SessionStatus::Stopped {
        info!(session = name, "the session is stopped; starting it");
        session.waha.start().await?;
        session.knowledge.learn_started();
    }
    Ok(())
}

async fn put(session: &Session, config: &SessionConfig) -> Result<(), WahaError> {
    session.waha.put_config(config).await?;
    // a server that keeps what it likes must not be restarted for it every five minutes
    let kept = session
        .waha
        .session()
        .await?
        .and_then(|info| info.config)
        .unwrap_or_default();
    if kept.differs_from(&wanted(session, session.knowledge.server().as_ref())) {
        let name = session.name.as_str();
        warn!(
            session = name,
            "WAHA did not keep all of the configuration; it is left so"
        );
        session.knowledge.learn_stubborn(kept);
    }
    Ok(())
}
