//! Where everybody is, and what each service is told.

use storage::testing::TestDatabase;

use super::ports;

/// Who is where. The names are addresses: host and port.
pub(super) struct Places {
    pub(super) api: String,
    pub(super) public: String,
    pub(super) inner: String,
    pub(super) integration: String,
    pub(super) webhooks: String,
    pub(super) worker: String,
    pub(super) wire: String,
    pub(super) waha: String,
    pub(super) bride: Option<String>,
    /// What every service is told besides; the last word of a name counts.
    besides: Vec<(&'static str, String)>,
}

impl Places {
    pub(super) fn choose(besides: Vec<(&'static str, String)>) -> Self {
        let place = || format!("127.0.0.1:{}", ports::free());
        Self {
            api: place(),
            public: place(),
            inner: place(),
            integration: place(),
            webhooks: place(),
            worker: place(),
            wire: String::new(),
            waha: String::new(),
            bride: None,
            besides,
        }
    }

    /// What every service is told.
    fn shared(&self) -> Vec<(&'static str, String)> {
        let both = self.bride.is_some();
        let sessions = if both { "groom,bride" } else { "groom" };
        let mut settings = shared();
        settings.push(("WAHA_SESSIONS", sessions.to_owned()));
        settings.extend(self.besides.iter().cloned());
        settings
    }

    pub(super) fn queue_api(&self, database: &TestDatabase) -> Vec<(&'static str, String)> {
        let mut settings = self.shared();
        settings.extend([
            ("DATABASE_URL", database.url().to_owned()),
            ("QUEUE_API_LISTEN", self.api.clone()),
            ("QUEUE_API_INNER_LISTEN", self.inner.clone()),
            ("QUEUE_API_PUBLIC_LISTEN", self.public.clone()),
            ("QUEUE_API_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("PUBLIC_URL", "https://nozze.example.org".to_owned()),
            ("INTEGRATION_URL", format!("http://{}", self.integration)),
            ("WORKER_URL", format!("http://{}", self.worker)),
        ]);
        settings
    }

    pub(super) fn worker(
        &self,
        database: &TestDatabase,
        listen: &str,
    ) -> Vec<(&'static str, String)> {
        let mut settings = self.shared();
        settings.extend([
            ("DATABASE_URL", database.url().to_owned()),
            // names its connections in pg_stat_activity
            ("PGAPPNAME", "whatsapp-worker".to_owned()),
            ("WORKER_LISTEN", listen.to_owned()),
            ("WORKER_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("INTEGRATION_URL", format!("http://{}", self.wire)),
            ("WAHA_WORKER_INTERVAL", "1".to_owned()),
            ("WORKER_SWEEP_MINUTES", "0".to_owned()),
        ]);
        settings
    }

    pub(super) fn integration(&self) -> Vec<(&'static str, String)> {
        let mut settings = self.shared();
        settings.extend([
            ("INTEGRATION_LISTEN", self.integration.clone()),
            ("WEBHOOK_LISTEN", self.webhooks.clone()),
            ("INTEGRATION_METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("QUEUE_API_INNER_URL", format!("http://{}", self.inner)),
            ("WEBHOOK_URL", format!("http://{}", self.webhooks)),
            ("WEBHOOK_SECRET", secret("webhooks")),
            ("WAHA_URL_GROOM", format!("http://{}", self.waha)),
            ("WAHA_API_KEY_GROOM", secret("groom")),
        ]);
        if let Some(bride) = &self.bride {
            settings.push(("WAHA_URL_BRIDE", format!("http://{bride}")));
            settings.push(("WAHA_API_KEY_BRIDE", secret("bride")));
        }
        settings
    }
}

fn shared() -> Vec<(&'static str, String)> {
    vec![
        ("PACE_PROFILE", "simulated".to_owned()),
        ("LOG_FORMAT", "json".to_owned()),
        ("RUST_LOG", "trace".to_owned()),
        ("QUEUE_API_INTERNAL_TOKEN", secret("internal")),
        ("INTEGRATION_TOKEN", secret("integration")),
        ("WORKER_TOKEN", secret("worker")),
        ("UNKNOWN_WRITERS_KEY", secret("unknown-writers")),
    ]
}

pub(super) fn secret(of: &str) -> String {
    format!("{of}-for-tests-0123456789abcdef")
}
