//! Who listens where, and the settings that follow from it. Each service gets its own and nothing else.

use std::net::{SocketAddr, TcpListener};

use domain::session::SessionName;

/// The addresses of one system.
pub(crate) struct Places {
    pub(crate) api: SocketAddr,
    pub(crate) inner: SocketAddr,
    pub(crate) integration: SocketAddr,
    pub(crate) webhooks: SocketAddr,
    worker: SocketAddr,
    waha: SocketAddr,
    sessions: Vec<SessionName>,
}

type Settings = Vec<(String, String)>;

impl Places {
    /// Free ports for a system whose WAHA listens at `waha`.
    pub(crate) fn choose(sessions: Vec<SessionName>, waha: SocketAddr) -> anyhow::Result<Self> {
        // held together, so that no two are the same
        let listeners: Vec<_> = (0..5)
            .map(|_| TcpListener::bind("127.0.0.1:0"))
            .collect::<Result<_, _>>()?;
        let at = |index: usize| listeners[index].local_addr();
        Ok(Self {
            api: at(0)?,
            inner: at(1)?,
            integration: at(2)?,
            webhooks: at(3)?,
            worker: at(4)?,
            waha,
            sessions,
        })
    }

    pub(crate) fn queue_api(&self, database_url: &str) -> Settings {
        self.settings([
            ("DATABASE_URL", database_url.to_owned()),
            ("QUEUE_API_LISTEN", self.api.to_string()),
            ("QUEUE_API_INNER_LISTEN", self.inner.to_string()),
            ("QUEUE_API_PUBLIC_LISTEN", "127.0.0.1:0".to_owned()),
            ("QUEUE_API_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("INTEGRATION_URL", format!("http://{}", self.integration)),
            ("WORKER_URL", format!("http://{}", self.worker)),
            // a crowd has many addresses
            ("QUEUE_API_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ])
    }

    pub(crate) fn worker(&self, database_url: &str) -> Settings {
        self.settings([
            ("DATABASE_URL", database_url.to_owned()),
            ("WORKER_LISTEN", self.worker.to_string()),
            ("WORKER_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("INTEGRATION_URL", format!("http://{}", self.integration)),
        ])
    }

    pub(crate) fn integration(&self) -> Settings {
        let mut settings = self.settings([
            ("INTEGRATION_LISTEN", self.integration.to_string()),
            ("WEBHOOK_LISTEN", self.webhooks.to_string()),
            ("INTEGRATION_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("QUEUE_API_INNER_URL", format!("http://{}", self.inner)),
            ("WEBHOOK_URL", format!("http://{}", self.webhooks)),
            ("WEBHOOK_SECRET", secret("webhooks")),
        ]);
        for session in &self.sessions {
            let name = session.env_suffix();
            settings.extend([
                (format!("WAHA_URL_{name}"), format!("http://{}", self.waha)),
                (format!("WAHA_API_KEY_{name}"), secret("waha")),
                (format!("WAHA_SESSION_{name}"), session.to_string()),
            ]);
        }
        settings
    }

    /// What all services share, as `make run` sets it, and then `own`.
    fn settings<const N: usize>(&self, own: [(&str, String); N]) -> Settings {
        let names: Vec<_> = self.sessions.iter().map(SessionName::as_str).collect();
        let shared = [
            ("WAHA_SESSIONS", names.join(",")),
            ("PACE_PROFILE", "simulated".to_owned()),
            ("LOG_FORMAT", "human".to_owned()),
            ("RUST_LOG", "info".to_owned()),
            ("QUEUE_API_INTERNAL_TOKEN", secret("internal")),
            ("INTEGRATION_TOKEN", secret("integration")),
            ("WORKER_TOKEN", secret("worker")),
            ("UNKNOWN_WRITERS_KEY", secret("unknown-writers")),
        ];
        let all = shared.into_iter().chain(own);
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Long enough to be taken, and known to everybody: nothing here listens beyond this machine.
pub(crate) fn secret(of: &str) -> String {
    format!("{of}-for-benchmarks-0123456789abcdef")
}
