//! What was learnt of a session's WAHA and need not be asked at every look: its version, whether its store can be
//! read, since when it has its status, and what was last reported.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::waha_server::ServerVersion;
use domain::wire::SessionView;
use tokio::time::Instant;
use waha::{FailureCause, SessionConfig, SessionStatus, WahaError};

use super::own_number::OwnChats;

/// The memory of one session.
#[derive(Default)]
pub(crate) struct Knowledge(Mutex<Learnt>);

/// What WAHA answered about its release.
#[derive(Default)]
enum Server {
    #[default]
    NotAnswered,
    /// Nothing that can be read.
    Unknown,
    Known(ServerVersion),
}

#[derive(Default)]
struct Learnt {
    server: Server,
    store_off: bool,
    restarted_for_store: bool,
    status: Option<(SessionStatus, Instant)>,
    started: Option<Instant>,
    failure: Option<FailureCause>,
    stubborn: Option<SessionConfig>,
    reported: Option<(Instant, SessionView)>,
    events_missed: bool,
    own: OwnChats,
}

impl Knowledge {
    pub(crate) fn server(&self) -> Option<ServerVersion> {
        match &self.learnt().server {
            Server::Known(server) => Some(server.clone()),
            Server::NotAnswered | Server::Unknown => None,
        }
    }

    /// Whether WAHA answered which release it is, but with none that can be read.
    pub(crate) fn version_unknown(&self) -> bool {
        matches!(self.learnt().server, Server::Unknown)
    }

    pub(crate) fn learn_server(&self, answer: Result<ServerVersion, WahaError>) {
        let mut learnt = self.learnt();
        let is_known = matches!(learnt.server, Server::Known(_));
        learnt.server = match answer {
            Ok(server) => Server::Known(server),
            Err(WahaError::Refused | WahaError::TimedOut | WahaError::Broken) => return,
            // another release than before may answer now
            Err(WahaError::Unreadable) => Server::Unknown,
            Err(_) if is_known => return,
            Err(_) => Server::Unknown,
        };
    }

    pub(crate) fn forget_server(&self) {
        self.learnt().server = Server::NotAnswered;
    }

    /// The message store of the running session cannot be read.
    pub(crate) fn store_off(&self) -> bool {
        self.learnt().store_off
    }

    pub(crate) fn learn_store_off(&self, off: bool) {
        let mut learnt = self.learnt();
        learnt.store_off = off;
        learnt.restarted_for_store &= off;
    }

    /// Whether the session may be restarted for its unreadable store: once until the store can be read.
    pub(crate) fn takes_restart_for_store(&self) -> bool {
        !std::mem::replace(&mut self.learnt().restarted_for_store, true)
    }

    /// The status that was read now.
    pub(crate) fn learn_status(&self, status: &SessionStatus) {
        let mut learnt = self.learnt();
        if *status != SessionStatus::Failed {
            learnt.failure = None;
        }
        if learnt
            .status
            .as_ref()
            .is_none_or(|(seen, _)| seen != status)
        {
            learnt.status = Some((status.clone(), Instant::now()));
        }
    }

    /// How long every reading has shown that status.
    pub(crate) fn status_lasts(&self, status: &SessionStatus) -> Duration {
        let learnt = self.learnt();
        let seen = learnt.status.as_ref().filter(|(seen, _)| seen == status);
        seen.map_or(Duration::ZERO, |(_, since)| since.elapsed())
    }

    /// How long ago this service started the session by itself.
    pub(crate) fn started_ago(&self) -> Option<Duration> {
        self.learnt().started.map(|at| at.elapsed())
    }

    pub(crate) fn learn_started(&self) {
        self.learnt().started = Some(Instant::now());
    }

    /// Why the session is FAILED, as an event told.
    pub(crate) fn failure(&self) -> Option<FailureCause> {
        self.learnt().failure
    }

    pub(crate) fn learn_failure(&self, cause: FailureCause) {
        self.learnt().failure = Some(cause);
    }

    /// Whether the server answered an earlier PUT of ours with exactly this.
    pub(crate) fn is_stubborn(&self, here: &SessionConfig) -> bool {
        self.learnt().stubborn.as_ref() == Some(here)
    }

    /// The server made this of what we wrote.
    pub(crate) fn learn_stubborn(&self, kept: SessionConfig) {
        self.learnt().stubborn = Some(kept);
    }

    /// Whether queue-api was told something else than `view`, or this longer than `lasts` ago. The moment of the look
    /// is no news.
    pub(crate) fn is_news(&self, view: &SessionView, lasts: Duration) -> bool {
        let learnt = self.learnt();
        learnt.reported.as_ref().is_none_or(|(when, last)| {
            let at = last.at;
            when.elapsed() >= lasts || *last != SessionView { at, ..view.clone() }
        })
    }

    /// What queue-api was told last.
    pub(crate) fn reported(&self) -> Option<SessionView> {
        let learnt = self.learnt();
        learnt.reported.as_ref().map(|(_, view)| view.clone())
    }

    /// Whether events may have been told to nobody, and queue-api does not know that yet.
    pub(crate) fn events_missed(&self) -> bool {
        self.learnt().events_missed
    }

    pub(crate) fn learn_events_missed(&self, missed: bool) {
        self.learnt().events_missed = missed;
    }

    /// The chats of the account that was seen linked last.
    pub(crate) fn own_chats(&self) -> OwnChats {
        self.learnt().own.clone()
    }

    pub(crate) fn learn_own_chats(&self, own: OwnChats) {
        self.learnt().own = own;
    }

    pub(crate) fn learn_reported(&self, view: SessionView) {
        self.learnt().reported = Some((Instant::now(), view));
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
