//! What a session may still show to guests (online, typing), and taking it back.
//!
//! The rule that must hold: what was shown stays owed until WAHA took it back. That includes a call that failed for us,
//! a composition whose task died, and a crash of this service, which therefore starts with every account owed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::Shutdown;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tracing::{debug, info, warn};
use waha::{ChatId, SessionInfo, SessionStatus, Waha, WahaError};

use crate::app::Session;

/// A session that is away holds a call for 5–15 s; none of them is worth that.
const CALL_TIMEOUT: Duration = Duration::from_secs(4);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// WhatsApp drops the dots by itself after some 20–25 s without a renewal (WAHA §4.5).
const DOTS_LAST: Duration = Duration::from_secs(30);
/// Tries of a service that stops.
const LAST_TRIES: u32 = 5;

/// What is owed of one session.
pub(crate) struct Presence {
    owed: Mutex<Owed>,
    changed: Notify,
}

struct Owed {
    offline: bool,
    /// Chats that may show the dots, and since when.
    typing: Vec<(ChatId, Instant)>,
}

impl Presence {
    /// At the start of the service: the process before it may have died in the middle of a composition.
    pub(crate) fn at_start() -> Self {
        let owed = Owed {
            offline: true,
            typing: Vec::new(),
        };
        Self {
            owed: Mutex::new(owed),
            changed: Notify::new(),
        }
    }

    /// The account may be shown as online from here on.
    pub(crate) fn shows_online(&self) {
        self.owed().offline = true;
        self.changed.notify_one();
    }

    /// The chat may show the dots from here on.
    pub(crate) fn shows_typing(&self, chat: &ChatId) {
        let mut owed = self.owed();
        owed.typing.retain(|(shown, _)| shown != chat);
        owed.typing.push((chat.clone(), Instant::now()));
        drop(owed);
        self.changed.notify_one();
    }

    /// WAHA took the dots away.
    pub(crate) fn stopped_typing(&self, chat: &ChatId) {
        self.owed().typing.retain(|(shown, _)| shown != chat);
    }

    /// One try to take everything back: first the dots, then online. What WAHA does not take stays owed.
    pub(crate) async fn take_back(&self, waha: &Waha) -> Result<(), WahaError> {
        let mut failed = None;
        for chat in self.typing() {
            match in_time(waha.stop_typing(&chat)).await {
                Ok(()) => self.stopped_typing(&chat),
                Err(error) => failed = Some(error),
            }
        }
        if self.owed().offline {
            match in_time(waha.offline()).await {
                Ok(()) => self.owed().offline = false,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn is_owed(&self) -> bool {
        self.owed().offline || !self.typing().is_empty()
    }

    async fn until_owed(&self) {
        while !self.is_owed() {
            self.changed.notified().await;
        }
    }

    fn typing(&self) -> Vec<ChatId> {
        let mut owed = self.owed();
        owed.typing.retain(|(_, since)| since.elapsed() < DOTS_LAST);
        owed.typing.iter().map(|(chat, _)| chat.clone()).collect()
    }

    fn owed(&self) -> MutexGuard<'_, Owed> {
        // no method leaves it half-written
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first try, before anything else is done with the session. It takes a few seconds at most.
pub(crate) async fn take_offline_at_start(session: &Session, shutdown: &Shutdown) {
    let first_try = tokio::time::timeout(CALL_TIMEOUT * 2, Box::pin(try_withdraw(session)));
    shutdown.token().run_until_cancelled(first_try).await;
}

/// Takes back what is owed, waiting longer after each failure, until `shutdown`.
pub(crate) async fn keep_offline(session: &Session, shutdown: &Shutdown) {
    let stopped = shutdown.token();
    stopped
        .run_until_cancelled(async {
            loop {
                session.presence.until_owed().await;
                withdraw(session).await;
            }
        })
        .await;
}

/// The last tries of a service that stops: after the composition that may be open, and as long as the session may be working.
pub(crate) async fn leave_offline(session: Arc<Session>) {
    for _ in 0..LAST_TRIES {
        match Box::pin(try_withdraw(&session)).await {
            Ok(()) | Err(NotTaken::Away) => return,
            Err(NotTaken::Failed) => sleep(FIRST_WAIT).await,
        }
    }
    warn!(
        session = session.name.as_str(),
        "WAHA did not take the account offline before this service stopped; guests may see it online until the service starts again"
    );
}

/// Notes an account that is online although nothing is being written: a call that WAHA carried out late, or another
/// client of that WAHA.
pub(crate) fn notice(session: &Session, found: &SessionInfo) {
    let shown_by_us = session.attempts.any_open() || session.stage.try_lock().is_err();
    if found.shows_online() && !shown_by_us {
        session.presence.shows_online();
    }
}

/// Why something is still owed after a try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NotTaken {
    /// The session is not working, or nothing listens at WAHA's address.
    Away,
    /// WAHA refused, or did not answer in time.
    Failed,
}

async fn withdraw(session: &Session) {
    let name = session.name.as_str();
    let (mut wait, mut failures) = (FIRST_WAIT, 0_u32);
    while let Err(why) = Box::pin(try_withdraw(session)).await {
        if why == NotTaken::Failed {
            failures += 1;
            if failures == 1 {
                warn!(
                    session = name,
                    "the account may still be shown as online; going offline is repeated"
                );
            }
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
    if failures > 0 {
        info!(session = name, failures, "the account is offline again");
    }
}

/// One try, unless a composition has begun: that one goes offline at its own end.
async fn try_withdraw(session: &Session) -> Result<(), NotTaken> {
    // an open composition comes first, and mostly leaves nothing to do
    drop(session.stage.lock().await);
    if !session.presence.is_owed() {
        return Ok(());
    }
    match in_time(session.waha.session()).await {
        Ok(Some(info)) if info.status == SessionStatus::Working => {}
        Ok(_) | Err(WahaError::Refused) => return Err(NotTaken::Away),
        Err(_) => return Err(NotTaken::Failed),
    }
    let Ok(_stage) = session.stage.try_lock() else {
        return Ok(());
    };
    session
        .presence
        .take_back(&session.waha)
        .await
        .map_err(|error| {
            debug!(session = session.name.as_str(), %error, "what guests see was not taken back");
            NotTaken::Failed
        })
}

/// `call`, within [`CALL_TIMEOUT`].
pub(crate) async fn in_time<T>(
    call: impl Future<Output = Result<T, WahaError>>,
) -> Result<T, WahaError> {
    tokio::time::timeout(CALL_TIMEOUT, call)
        .await
        .unwrap_or(Err(WahaError::TimedOut))
}
