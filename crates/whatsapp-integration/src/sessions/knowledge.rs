//! What was learnt of a session's WAHA and need not be asked at every look: its version, whether its store can be
//! read, and what was last reported.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::wire::SessionView;
use tokio::time::Instant;
use waha::{ServerVersion, SessionConfig};

/// The memory of one session.
#[derive(Default)]
pub(crate) struct Knowledge(Mutex<Learnt>);

#[derive(Default)]
struct Learnt {
    server: Option<ServerVersion>,
    store_off: bool,
    stubborn: Option<SessionConfig>,
    reported: Option<(Instant, SessionView)>,
    events_missed: bool,
}

impl Knowledge {
    pub(crate) fn server(&self) -> Option<ServerVersion> {
        self.learnt().server.clone()
    }

    pub(crate) fn learn_server(&self, server: ServerVersion) {
        self.learnt().server = Some(server);
    }

    pub(crate) fn forget_server(&self) {
        self.learnt().server = None;
    }

    /// The message store of the running session cannot be read.
    pub(crate) fn store_off(&self) -> bool {
        self.learnt().store_off
    }

    pub(crate) fn learn_store_off(&self, off: bool) {
        self.learnt().store_off = off;
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

    pub(crate) fn learn_reported(&self, view: SessionView) {
        self.learnt().reported = Some((Instant::now(), view));
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
