//! What the handlers share: the sessions by name, queue-api, and the tasks that outlive a request.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chassis::{Clock, Problem};
use domain::ids::AttemptId;
use domain::session::SessionName;
use domain::wire::AttemptState;
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::task::TaskTracker;
use waha::Waha;

use crate::attempts::Attempts;
use crate::config::Config;
use crate::presence::Presence;
use crate::queue_api::QueueApi;
use crate::reading::LidPhones;
use crate::sessions::{Knowledge, PasskeyProgress};
use crate::webhooks::Door;
use crate::{Deps, MissingPeer};

/// The whole service, shared by its handlers and tasks.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) queue_api: Arc<QueueApi>,
    pub(crate) sessions: HashMap<SessionName, Arc<Session>>,
    /// Compositions, calls and outcomes in hand; the service ends after them.
    pub(crate) work: TaskTracker,
    /// Held by whoever looks at a session to set it up.
    pub(crate) looks: Semaphore,
    /// Between two looks at a session.
    pub(crate) look_interval: Duration,
}

/// So many sessions are set up at once: hundreds at a start would open a connection each for every call they make.
const LOOKS_AT_ONCE: usize = 64;

/// One session: its WAHA, its attempts, and what keeps its visible acts apart.
pub(crate) struct Session {
    pub(crate) name: SessionName,
    pub(crate) waha: Waha,
    pub(crate) attempts: Arc<Attempts>,
    /// Held by whoever shows something to guests, from going online until offline, and while the session is
    /// reconfigured: two of them at once would undo each other's presence.
    pub(crate) stage: Mutex<()>,
    pub(crate) presence: Presence,
    /// Held during start, restart, logout and reconfiguration: WAHA takes one at a time (WAHA §2.5).
    pub(crate) operations: Mutex<()>,
    /// Held by the one run that links a phone.
    pub(crate) linking: Arc<Mutex<()>>,
    /// Asks for a set-up pass now.
    pub(crate) nudge: Notify,
    pub(crate) knowledge: Knowledge,
    pub(crate) passkey: PasskeyProgress,
    pub(crate) lid_phones: LidPhones,
    pub(crate) door: Door,
}

impl App {
    pub(crate) fn new(config: &Config, deps: Deps) -> Result<Arc<Self>, MissingPeer> {
        let mut peers = deps.waha;
        let mut sessions = HashMap::new();
        for session in &config.sessions {
            let name = session.name.clone();
            let peer = peers
                .remove(&name)
                .ok_or_else(|| MissingPeer(name.clone()))?;
            let waha = Waha::new(peer, &session.api_key, session.waha_session.clone());
            let session = Session::new(config, &name, waha, deps.clock.clone());
            sessions.insert(name, Arc::new(session));
        }
        let queue_api = QueueApi::new(deps.queue_api, &config.queue_api_token, deps.dice);
        Ok(Arc::new(Self {
            clock: deps.clock,
            queue_api: Arc::new(queue_api),
            sessions,
            work: TaskTracker::new(),
            looks: Semaphore::new(LOOKS_AT_ONCE),
            look_interval: deps.look_interval,
        }))
    }

    /// The session of that name, or the problem that there is none.
    pub(crate) fn session(&self, name: &SessionName) -> Result<&Arc<Session>, Problem> {
        self.sessions.get(name).ok_or_else(|| {
            Problem::new(http::StatusCode::NOT_FOUND, "unknown_session")
                .detail("This service has no session of that name; WAHA_SESSIONS lists them.")
        })
    }

    /// Where an attempt of any session is.
    pub(crate) fn attempt(&self, id: AttemptId) -> Option<AttemptState> {
        self.sessions
            .values()
            .find_map(|session| session.attempts.state(id))
    }
}

impl Session {
    fn new(config: &Config, name: &SessionName, waha: Waha, clock: Clock) -> Self {
        Self {
            name: name.clone(),
            waha,
            attempts: Arc::new(Attempts::new(clock)),
            stage: Mutex::default(),
            presence: Presence::at_start(),
            operations: Mutex::default(),
            linking: Arc::default(),
            nudge: Notify::new(),
            knowledge: Knowledge::default(),
            passkey: PasskeyProgress::default(),
            lid_phones: LidPhones::default(),
            door: Door::new(config, name),
        }
    }
}

/// How long the service takes at most to finish what is in hand (design §5).
pub(crate) const GRACE: Duration = Duration::from_secs(75);
