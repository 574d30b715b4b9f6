//! What the guest can see before the message: online, blue ticks, the typing dots. None of it may fail a message:
//! what WAHA refuses, or does not do in time, is logged once and left out.

use std::time::Duration;

use domain::ids::AttemptId;
use tracing::{debug, warn};
use waha::{ChatId, Waha, WahaError};

/// A session that is away holds these calls for 5–15 s; the composition goes on without them.
const PATIENCE: Duration = Duration::from_secs(4);

/// The visible state of one composition, and the way back to invisible.
pub(super) struct Show {
    waha: Waha,
    chat: ChatId,
    attempt: AttemptId,
    online: bool,
    typing: bool,
    failed: Vec<&'static str>,
}

impl Show {
    pub(super) const fn new(waha: Waha, chat: ChatId, attempt: AttemptId) -> Self {
        Self {
            waha,
            chat,
            attempt,
            online: false,
            typing: false,
            failed: Vec::new(),
        }
    }

    pub(super) async fn go_online(&mut self) {
        // a call that fails for us may have worked for WAHA: the way back is owed from here on
        self.online = true;
        let done = patiently(self.waha.online()).await;
        self.note("online", done);
    }

    /// Marks exactly these messages as seen; none is no call at all.
    pub(super) async fn mark_seen(&mut self, full_ids: &[String]) {
        if !full_ids.is_empty() {
            let done = patiently(self.waha.seen(&self.chat, full_ids)).await;
            self.note("seen", done);
        }
    }

    pub(super) async fn start_typing(&mut self) {
        self.typing = true;
        let done = patiently(self.waha.start_typing(&self.chat)).await;
        self.note("typing", done);
    }

    pub(super) async fn stop_typing(&mut self) {
        let done = patiently(self.waha.stop_typing(&self.chat)).await;
        // what was not taken away now is tried again when leaving
        self.typing = done.is_err();
        self.note("stop typing", done);
    }

    /// The id that the message shall have, where the server gives one.
    pub(super) async fn new_message_id(&mut self) -> Option<String> {
        match patiently(self.waha.new_message_id()).await {
            Ok(id) => id,
            Err(failure) => {
                self.note("message id", Err(failure));
                None
            }
        }
    }

    /// Takes everything back that may still show.
    pub(super) async fn leave(&mut self) {
        if std::mem::take(&mut self.typing) {
            let done = self.waha.stop_typing(&self.chat).await;
            self.note("stop typing", done);
        }
        if std::mem::take(&mut self.online) {
            let done = self.waha.offline().await;
            self.note("offline", done);
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

async fn patiently<T>(call: impl Future<Output = Result<T, WahaError>>) -> Result<T, WahaError> {
    tokio::time::timeout(PATIENCE, call)
        .await
        .unwrap_or(Err(WahaError::TimedOut))
}
