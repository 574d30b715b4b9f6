//! Command line and environment. `--help` is the reference; the variables of each session are named by the session.

use std::net::SocketAddr;

use chassis::Outbound;
use chassis::outbound::BadBaseUrl;
use chassis::service_auth::{BearerToken, WeakToken};
use chassis::telemetry::LogFormat;
use clap::{Parser, Subcommand};
use domain::session::SessionName;
use secrecy::SecretString;

use super::{Config, SessionConfig, WeakWebhookSecret, WebhookSecret};

/// Does on WhatsApp what a person would do: reads, waits, types, pauses, sends.
///
/// Each session named in WAHA_SESSIONS has variables of its own, where NAME is the session's name in capitals with `_` for
/// `-`: WAHA_URL_NAME and WAHA_API_KEY_NAME (both required), and WAHA_SESSION_NAME (default `default`).
#[derive(Debug, Parser)]
#[command(version)]
#[expect(
    clippy::doc_markdown,
    reason = "this text is the help that people read on a terminal"
)]
pub struct Args {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where the worker and queue-api reach this service.
    #[arg(long, env = "INTEGRATION_LISTEN", default_value = "127.0.0.1:8083")]
    pub listen: SocketAddr,
    /// Where the WAHAs post their webhooks.
    #[arg(long, env = "WEBHOOK_LISTEN", default_value = "127.0.0.1:8084")]
    pub webhook_listen: SocketAddr,
    /// Where Prometheus reads the metrics.
    #[arg(
        long,
        env = "INTEGRATION_METRICS_LISTEN",
        default_value = "127.0.0.1:9083"
    )]
    pub metrics_listen: SocketAddr,
    /// human, json or auto.
    #[arg(long, env = "LOG_FORMAT", default_value = "auto")]
    pub log_format: LogFormat,
    /// The bearer token that callers of this service present.
    #[arg(
        long,
        env = "INTEGRATION_TOKEN",
        hide_env_values = true,
        default_value = ""
    )]
    token: SecretString,
    /// Base URL of queue-api's inner listener.
    #[arg(
        long,
        env = "QUEUE_API_INNER_URL",
        default_value = "http://127.0.0.1:8081"
    )]
    pub queue_api_url: String,
    /// The bearer token of queue-api's inner listener.
    #[arg(
        long,
        env = "QUEUE_API_INTERNAL_TOKEN",
        hide_env_values = true,
        default_value = ""
    )]
    queue_api_token: SecretString,
    /// The sessions, separated by commas.
    #[arg(
        long,
        env = "WAHA_SESSIONS",
        value_delimiter = ',',
        default_value = "groom,bride"
    )]
    sessions: Vec<SessionName>,
    /// Base URL under which the WAHAs reach the webhook listener.
    #[arg(long, env = "WEBHOOK_URL", default_value = "http://127.0.0.1:8084")]
    webhook_url: String,
    /// At least 32 characters; webhook paths and signing keys are derived from it.
    #[arg(
        long,
        env = "WEBHOOK_SECRET",
        hide_env_values = true,
        default_value = ""
    )]
    webhook_secret: SecretString,
}

/// What the binary can do besides serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Asks the running service whether it is alive; exits with 0 when it is.
    Healthcheck,
}

/// A configuration that nothing can be started with.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// A bearer token is missing or weak.
    #[error("{variable}: {problem}")]
    Token {
        /// Which.
        variable: &'static str,
        /// What is wrong.
        problem: WeakToken,
    },
    /// The webhook secret is missing or weak.
    #[error(transparent)]
    WebhookSecret(#[from] WeakWebhookSecret),
    /// No session at all.
    #[error("WAHA_SESSIONS names no session")]
    NoSession,
    /// A session twice.
    #[error("WAHA_SESSIONS names `{0}` twice")]
    Repeated(SessionName),
    /// The address of a session's WAHA is missing.
    #[error("{0} is not set. Set it to the base URL of that session's WAHA.")]
    NoUrl(String),
    /// The key of a session's WAHA is missing.
    #[error("{0} is not set. Set it to the API key of that session's WAHA.")]
    NoKey(String),
    /// A base URL that cannot be used.
    #[error("{variable}: {problem}")]
    Url {
        /// Which.
        variable: &'static str,
        /// What is wrong.
        problem: BadBaseUrl,
    },
}

impl Args {
    /// The configuration, with each session's variables from `environment`.
    pub fn config(
        &self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Config, BadConfig> {
        if self.sessions.is_empty() {
            return Err(BadConfig::NoSession);
        }
        let mut sessions = Vec::new();
        for name in &self.sessions {
            if sessions
                .iter()
                .any(|known: &SessionConfig| known.name == *name)
            {
                return Err(BadConfig::Repeated(name.clone()));
            }
            sessions.push(SessionConfig::read(name, &environment)?);
        }
        // WAHA would refuse a whole configuration for a bad address in it
        if let Err(problem) = Outbound::network(&self.webhook_url) {
            let variable = "WEBHOOK_URL";
            return Err(BadConfig::Url { variable, problem });
        }
        Ok(Config {
            token: token("INTEGRATION_TOKEN", &self.token)?,
            queue_api_token: token("QUEUE_API_INTERNAL_TOKEN", &self.queue_api_token)?,
            webhook_url: self.webhook_url.trim_end_matches('/').to_owned(),
            webhook_secret: WebhookSecret::new(self.webhook_secret.clone())?,
            sessions,
        })
    }

    /// The base URL of each session's WAHA, in the order of `WAHA_SESSIONS`.
    pub fn waha_urls(
        &self,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<(SessionName, String)>, BadConfig> {
        let url = |name: &SessionName| {
            let variable = format!("WAHA_URL_{}", name.env_suffix());
            let url = set(&environment, &variable).ok_or(BadConfig::NoUrl(variable))?;
            Ok((name.clone(), url))
        };
        self.sessions.iter().map(url).collect()
    }
}

impl SessionConfig {
    fn read(
        name: &SessionName,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadConfig> {
        let suffix = name.env_suffix();
        let key = format!("WAHA_API_KEY_{suffix}");
        Ok(Self {
            name: name.clone(),
            waha_session: set(environment, &format!("WAHA_SESSION_{suffix}"))
                .unwrap_or_else(|| "default".to_owned()),
            api_key: set(environment, &key).ok_or(BadConfig::NoKey(key))?.into(),
        })
    }
}

/// A variable that is set to nothing counts as not set: compose files write it so.
fn set(environment: &impl Fn(&str) -> Option<String>, variable: &str) -> Option<String> {
    environment(variable).filter(|value| !value.trim().is_empty())
}

fn token(variable: &'static str, secret: &SecretString) -> Result<BearerToken, BadConfig> {
    BearerToken::new(secret.clone()).map_err(|problem| BadConfig::Token { variable, problem })
}
