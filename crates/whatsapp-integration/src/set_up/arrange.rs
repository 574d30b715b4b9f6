//! Writes what differs, and starts what is stopped. Works for versions that forget the configuration at every restart
//! and stay STOPPED, as for those that keep it: a login that is there is never touched.

use tracing::{info, warn};
use waha::{SessionConfig, SessionInfo, SessionStatus, Support, WahaError};

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

pub(super) async fn arrange(session: &Session) -> Result<Arranged, WahaError> {
    if is_arranged(session, session.waha.session().await?.as_ref()) {
        return Ok(Arranged::Nothing);
    }
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
    let stopped = found.status == SessionStatus::Stopped;
    !stopped && change(session, found.config.as_ref()).is_none()
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
