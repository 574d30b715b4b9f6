//! What every handler holds: the store, time, chance and the two services that are called from here.

use std::collections::HashMap;
use std::sync::Arc;

use chassis::{Clock, Dice, Outbound};
use domain::Timestamp;
use domain::clock_reading::ClockReading;
use domain::config::PaceProfile;
use domain::release::ReleaseRules;
use domain::session::SessionName;
use rand::SeedableRng;
use rand::rngs::StdRng;
use storage::{ClockWatch, Store};
use tokio::sync::{Mutex, MutexGuard};

use crate::config::{Config, PageUrl, PasskeyExtension, PublicUrl, TrustedProxies};
use crate::integration::Integration;
use crate::nudge::Nudge;
use crate::pages::{Attempts, Everybody, KeptFiles, Live, Passwords};

/// What tests replace.
#[derive(Clone)]
pub struct Deps {
    /// The present.
    pub clock: Clock,
    /// Chance: ids and tokens.
    pub dice: Dice,
    /// The database.
    pub store: Store,
    /// whatsapp-worker, to be nudged.
    pub worker: Outbound,
    /// whatsapp-integration, for QR codes, session operations and attempts.
    pub integration: Outbound,
}

/// The state of the routers.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) integration: Integration,
    pub(crate) nudge: Nudge,
    pub(crate) live: Live,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Attempts,
    pub(crate) everybody: Everybody,
    pub(crate) kept_files: KeptFiles,
    /// Held while an operation on that session runs: its pause must not end with that of another.
    operations: HashMap<SessionName, Mutex<()>>,
    sessions: Vec<SessionName>,
    pace: PaceProfile,
    page_url: PageUrl,
    passkey_extension: PasskeyExtension,
    public_url: PublicUrl,
    trusted_proxies: TrustedProxies,
    clock: Clock,
    clock_watch: ClockWatch,
    dice: Dice,
}

/// As the handlers take it.
pub(crate) type Shared = Arc<App>;

impl App {
    pub(crate) fn new(config: Config, deps: Deps) -> Shared {
        Arc::new(Self {
            store: deps.store,
            integration: Integration::new(deps.integration, &config.integration_token),
            nudge: Nudge::new(deps.worker, &config.worker_token),
            operations: config
                .sessions
                .iter()
                .map(|session| (session.clone(), Mutex::default()))
                .collect(),
            sessions: config.sessions,
            pace: config.pace,
            page_url: config.page_url,
            passkey_extension: config.passkey_extension,
            public_url: config.public_url,
            trusted_proxies: config.trusted_proxies,
            live: Live::default(),
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            everybody: Everybody::default(),
            kept_files: KeptFiles::default(),
            clock: deps.clock,
            clock_watch: ClockWatch::default(),
            dice: deps.dice,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets what the session counts follow the wall clock, when it was set: before an event is stored, which is dated by it.
    pub(crate) async fn follow_clock(&self, session: &SessionName) -> Result<(), storage::Error> {
        let clock = &self.clock;
        let reading = ClockReading::new(clock.boot().as_deref(), clock.steady(), clock.now());
        self.clock_watch
            .follow_beside_holder(&self.store, session, reading)
            .await?;
        Ok(())
    }

    /// The same on every session: before what a person or a program does is dated.
    pub(crate) async fn follow_clock_everywhere(&self) -> Result<(), storage::Error> {
        for session in &self.sessions {
            self.follow_clock(session).await?;
        }
        Ok(())
    }

    /// Waits until no other operation on the session runs; `None`: the session is not configured.
    pub(crate) async fn only_operation(&self, session: &SessionName) -> Option<MutexGuard<'_, ()>> {
        Some(self.operations.get(session)?.lock().await)
    }

    /// A generator of one request's own: the shared dice must not be held while a database works.
    pub(crate) fn rng(&self) -> StdRng {
        self.dice.roll(StdRng::from_rng)
    }

    pub(crate) const fn dice(&self) -> &Dice {
        &self.dice
    }

    /// Where the couple reach their page.
    pub(crate) const fn page_url(&self) -> &PageUrl {
        &self.page_url
    }

    /// The browser extension that signs with a passkey.
    pub(crate) const fn passkey_extension(&self) -> &PasskeyExtension {
        &self.passkey_extension
    }

    /// Where guests reach the public listener, or why they cannot.
    pub(crate) const fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Whose word about a client is taken.
    pub(crate) const fn trusted_proxies(&self) -> &TrustedProxies {
        &self.trusted_proxies
    }

    /// The sessions of this installation.
    pub(crate) fn sessions(&self) -> &[SessionName] {
        &self.sessions
    }

    /// Nudges every session on which a chat was asked for since then, whichever session was told something: somebody who became
    /// known may have written to the other spouse too.
    pub(crate) async fn nudge_readers(&self, since: Timestamp) {
        match self.store.sessions_asked_to_read(since).await {
            Ok(sessions) => self.nudge.about(&sessions),
            // a nudge is a hint: the worker looks by itself
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "nobody was nudged to read chats"
                );
            }
        }
    }

    /// Whether this installation has such a session.
    pub(crate) fn knows(&self, session: &SessionName) -> bool {
        self.sessions.contains(session)
    }

    /// The names of the sessions, for a sentence.
    pub(crate) fn session_list(&self) -> String {
        let names: Vec<_> = self.sessions.iter().map(SessionName::as_str).collect();
        names.join(", ")
    }

    /// Whose pace waits and forecasts are computed with.
    pub(crate) const fn pace(&self) -> PaceProfile {
        self.pace
    }

    /// The limits in force: the couple's, under this process's pace profile.
    pub(crate) async fn rules(&self) -> Result<ReleaseRules, storage::Error> {
        let (config, _) = self.store.config().await?;
        Ok(self.pace.rules(&config))
    }
}
