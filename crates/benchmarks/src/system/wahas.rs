//! The simulated WAHA: one server with all sessions, linked before, so that a start needs no scan.

use std::{collections::HashMap, time::Duration};

use axum::Router;
use chassis::{Clock, Dice, Shutdown, Tasks};
use domain::session::SessionName;
use tokio::net::TcpListener;
use waha_simulator::{Owner, Profile, Simulator, SimulatorConfig};

use super::secret;

/// Nothing that is measured waits for an answer at its end.
const GRACE: Duration = Duration::from_secs(1);

/// A simulated WAHA and the people around each of its sessions.
pub(crate) struct Waha {
    server: Simulator,
    people: HashMap<SessionName, Simulator>,
}

impl Waha {
    /// A server on which every session has been linked.
    pub(crate) fn new(sessions: &[SessionName]) -> Self {
        let config = SimulatorConfig {
            auto_online: false,
            ..SimulatorConfig::new(Profile::Waha2026_10Gows, secret("waha"))
        };
        let server = Simulator::new(config, Clock::system(), Dice::from_os());
        let mut people = HashMap::new();
        for (index, session) in sessions.iter().enumerate() {
            let owner = Owner {
                number: format!("39333{index:07}"),
                name: session.to_string(),
                lid: format!("1112223334{index:05}"),
            };
            let side = server.for_session(session.as_str(), owner);
            side.remember_login();
            people.insert(session.clone(), side);
        }
        Self { server, people }
    }

    /// WAHA's HTTP API.
    pub(crate) fn router(&self) -> Router {
        self.server.router()
    }

    /// The guest with this number writes on a session.
    pub(crate) fn writes(&self, session: &SessionName, number: &str) {
        if let Some(side) = self.people.get(session) {
            side.guest(number).write("Ciao!");
        }
    }
}

/// A free port on loopback.
pub(crate) async fn listen() -> std::io::Result<TcpListener> {
    TcpListener::bind("127.0.0.1:0").await
}

/// Serves until `shutdown`, as the services do.
pub(crate) fn serve(listener: TcpListener, router: Router, tasks: &Tasks, shutdown: &Shutdown) {
    let serving = chassis::serve::serve(listener, router, shutdown.clone(), GRACE);
    tasks.spawn("serving", serving);
}
