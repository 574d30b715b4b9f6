//! The worker's command line and environment. `--help` is the reference.

use std::{net::SocketAddr, time::Duration};

use chassis::{service_auth::BearerToken, telemetry::LogFormat};
use clap::{Parser, Subcommand};
use domain::{config::PaceProfile, session::SessionName};
use secrecy::SecretString;

/// Releases the messages of the queue under the limits.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// What to do instead of working.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to work.
    #[command(flatten)]
    pub config: Config,
}

/// What the binary can do besides its work.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Asks the running service whether it is alive; exits with 0 when it is.
    Healthcheck,
}

/// What the worker needs to know.
#[derive(Debug, Parser)]
pub struct Config {
    /// The database: `sqlite://path` or `postgres://…`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: SecretString,
    /// Where nudges and health checks are answered.
    #[arg(long, env = "WORKER_LISTEN", default_value = "127.0.0.1:8082")]
    pub listen: SocketAddr,
    /// Where metrics are answered.
    #[arg(long, env = "WORKER_METRICS_LISTEN", default_value = "127.0.0.1:9082")]
    pub metrics_listen: SocketAddr,
    /// The secret that queue-api nudges with.
    #[arg(long, env = "WORKER_TOKEN", hide_env_values = true)]
    pub token: SecretString,
    /// Where whatsapp-integration answers.
    #[arg(long, env = "INTEGRATION_URL", default_value = "http://127.0.0.1:8083")]
    pub integration_url: String,
    /// The secret that whatsapp-integration wants.
    #[arg(long, env = "INTEGRATION_TOKEN", hide_env_values = true)]
    pub integration_token: SecretString,
    /// The secret that unknown writers are sealed with in the database; queue-api has the same.
    #[arg(long, env = "UNKNOWN_WRITERS_KEY", hide_env_values = true)]
    pub unknown_writers_key: SecretString,
    /// The sessions, by name.
    #[arg(
        long,
        env = "WAHA_SESSIONS",
        default_value = "groom,bride",
        value_delimiter = ','
    )]
    pub sessions: Vec<SessionName>,
    /// The longest the worker goes without looking at the queue, in seconds.
    #[arg(long, env = "WAHA_WORKER_INTERVAL", default_value = "60", value_parser = interval)]
    pub interval: Duration,
    /// Minutes between two sweeps for waiting messages that nothing else would wake; 0: never, for tests.
    #[arg(long, env = "WORKER_SWEEP_MINUTES", default_value = "30", value_parser = clap::value_parser!(u64).range(..=60))]
    pub sweep_minutes: u64,
    /// `production`, or `simulated` when the WAHAs are simulators.
    #[arg(long, env = "PACE_PROFILE", default_value = "production")]
    pub pace: PaceProfile,
    /// `human` or `json`; by default human on a terminal.
    #[arg(long, env = "LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
}

impl Config {
    /// The defaults, with no database and no secrets: what a test fills in.
    #[cfg(feature = "testing")]
    pub fn for_tests() -> Self {
        Self::parse_from([
            "whatsapp-worker",
            "--database-url=",
            "--token=",
            "--integration-token=",
            "--unknown-writers-key=",
        ])
    }

    /// The two secrets, checked: a weak one stops the start.
    pub fn tokens(&self) -> anyhow::Result<(BearerToken, BearerToken)> {
        use anyhow::Context as _;
        let own = BearerToken::new(self.token.clone()).context("WORKER_TOKEN")?;
        let integration =
            BearerToken::new(self.integration_token.clone()).context("INTEGRATION_TOKEN")?;
        Ok((own, integration))
    }
}

fn interval(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("a number of seconds from 1 to 3600".to_owned()),
    }
}
