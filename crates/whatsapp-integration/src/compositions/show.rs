//! What the guest can see before the message: online, blue ticks, the typing dots. None of it may fail a message:
//! what WAHA refuses, or does not do in time, is logged once and left out.

use std::sync::Arc;

use domain::ids::AttemptId;
use domain::waha_capabilities::Capability;
use tracing::{debug, warn};
use waha::{ChatId, WahaError};

use crate::app::Session;
use crate::presence::in_time;

/// The visible acts of one composition. What they leave visible is kept in [`crate::presence::Presence`].
pub(super) struct Show {
    session: Arc<Session>,
    chat: ChatId,
    attempt: AttemptId,
    began: bool,
    failed: Vec<&'static str>,
}

impl Show {
    pub(super) const fn new(session: Arc<Session>, chat: ChatId, attempt: AttemptId) -> Self {
        Self {
            session,
            chat,
            attempt,
            began: false,
            failed: Vec::new(),
        }
    }

    pub(super) async fn go_online(&mut self) {
        self.began = true;
        // a call that fails for us may have worked for WAHA
        self.session.presence.shows_online();
        let done = in_time(self.session.waha.online()).await;
        self.note("online", done);
    }

    /// Marks exactly these messages as seen; none is no call at all.
    pub(super) async fn mark_seen(&mut self, full_ids: &[String]) {
        if !full_ids.is_empty() {
            let done = in_time(self.session.waha.seen(&self.chat, full_ids)).await;
            self.note("seen", done);
        }
    }

    pub(super) async fn start_typing(&mut self) {
        self.session.presence.shows_typing(&self.chat);
        let done = in_time(self.session.waha.start_typing(&self.chat)).await;
        self.note("typing", done);
    }

    pub(super) async fn stop_typing(&mut self) {
        let done = in_time(self.session.waha.stop_typing(&self.chat)).await;
        if done.is_ok() {
            self.session.presence.stopped_typing(&self.chat);
        }
        self.note("stop typing", done);
    }

    /// The id that the message shall have, where the server gives one.
    pub(super) async fn new_message_id(&mut self) -> Option<String> {
        let server = self.session.knowledge.server();
        if server.is_some_and(|server| !server.can(Capability::ChosenMessageIds)) {
            return None;
        }
        match in_time(self.session.waha.new_message_id()).await {
            Ok(id) => Some(id),
            Err(WahaError::NotImplemented) => None,
            Err(failure) => {
                self.note("message id", Err(failure));
                None
            }
        }
    }

    /// Takes everything back that may still show. What WAHA does not take now is repeated after the composition.
    pub(super) async fn leave(&mut self) {
        if self.began
            && let Err(error) = self.session.presence.take_back(&self.session.waha).await
        {
            debug!(attempt = %self.attempt, %error, "what the guest sees was not taken back yet; it is repeated");
        }
    }

    fn note(&mut self, what: &'static str, done: Result<(), WahaError>) {
        let attempt = self.attempt;
        match done {
            Ok(()) => {}
            Err(error) if self.failed.contains(&what) => {
                debug!(%attempt, visible.act = what, %error, "a visible act failed again");
            }
            Err(error) => {
                self.failed.push(what);
                warn!(%attempt, visible.act = what, %error, "a visible act failed; the composition goes on");
            }
        }
    }
}
