//! Command line and environment; `--help` is the reference.

use std::net::SocketAddr;

use chassis::service_auth::{BearerToken, WeakToken};
use chassis::telemetry::LogFormat;
use clap::{Parser, Subcommand};
use domain::config::PaceProfile;
use domain::session::SessionName;
use secrecy::SecretString;
use storage::{SealingKey, WeakSealingKey};

use super::{Config, PageUrl, PasskeyExtension, PublicUrl, TrustedProxies};

/// The HTTP API of the message queue; keeps the database's tables up to date.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeArgs,
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = ""
    )]
    pub database_url: SecretString,
}

/// What the binary can do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serves; also what happens without a command.
    Serve,
    /// Brings the database's tables up to date and ends.
    Migrate,
    /// Makes an API token and prints it, once. Works while the service runs.
    CreateToken {
        /// What the token is for, as the list of tokens will show it.
        #[arg(long)]
        name: String,
        /// What it may do, separated by commas: read, enqueue, operate.
        #[arg(long)]
        scopes: String,
        /// The session of the spouse whose token it is: only such a token is shown who wrote there without being on the list.
        #[arg(long)]
        session: Option<SessionName>,
    },
    /// Makes the code that the first account of the page is made with, and prints it. It works for an hour; the one before
    /// no longer does. Works while the service runs.
    FirstAccountCode,
    /// Makes a link for a new password of somebody's account, and prints it: without `PAGE_URL`, its path. It works once, for 48 hours. Works while the service runs.
    PasswordLink {
        /// The name that they sign in with.
        #[arg(long)]
        account: String,
    },
    /// Takes somebody's account away, with the tokens that rest on it. Works while the service runs.
    RemoveAccount {
        /// The name that they sign in with.
        #[arg(long)]
        account: String,
    },
    /// Turns off the second factor of somebody's account, who has lost the phone and the recovery codes. Works while the service runs.
    RemoveSecondFactor {
        /// The name that they sign in with.
        #[arg(long)]
        account: String,
    },
    /// Asks the running service whether it is alive; exits with 0 when it is.
    Healthcheck,
}

/// Where to listen, whom to call, and with which secrets.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Where the couple's programs and page reach the API.
    #[arg(long, env = "QUEUE_API_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where whatsapp-integration posts facts.
    #[arg(long, env = "QUEUE_API_INNER_LISTEN", default_value = "127.0.0.1:8081")]
    pub inner_listen: SocketAddr,
    /// Where guests reach their invitations, mostly through a TLS proxy. Nothing else is served there.
    #[arg(
        long,
        env = "QUEUE_API_PUBLIC_LISTEN",
        default_value = "127.0.0.1:8090"
    )]
    pub public_listen: SocketAddr,
    /// Where Prometheus reads the metrics.
    #[arg(
        long,
        env = "QUEUE_API_METRICS_LISTEN",
        default_value = "127.0.0.1:9080"
    )]
    pub metrics_listen: SocketAddr,
    /// human, json or auto.
    #[arg(long, env = "LOG_FORMAT", default_value = "auto")]
    pub log_format: LogFormat,
    /// Base URL of whatsapp-integration.
    #[arg(long, env = "INTEGRATION_URL", default_value = "http://127.0.0.1:8083")]
    pub integration_url: String,
    /// Base URL of whatsapp-worker.
    #[arg(long, env = "WORKER_URL", default_value = "http://127.0.0.1:8082")]
    pub worker_url: String,
    /// The bearer token that callers of the inner listener present.
    #[arg(
        long,
        env = "QUEUE_API_INTERNAL_TOKEN",
        hide_env_values = true,
        default_value = ""
    )]
    internal_token: SecretString,
    /// The bearer token of whatsapp-integration.
    #[arg(
        long,
        env = "INTEGRATION_TOKEN",
        hide_env_values = true,
        default_value = ""
    )]
    integration_token: SecretString,
    /// The bearer token of whatsapp-worker.
    #[arg(long, env = "WORKER_TOKEN", hide_env_values = true, default_value = "")]
    worker_token: SecretString,
    /// The secret that unknown writers are sealed with in the database; whatsapp-worker has the same.
    #[arg(
        long,
        env = "UNKNOWN_WRITERS_KEY",
        hide_env_values = true,
        default_value = ""
    )]
    unknown_writers_key: SecretString,
    /// The sessions, separated by commas.
    #[arg(
        long,
        env = "WAHA_SESSIONS",
        value_delimiter = ',',
        default_value = "groom,bride"
    )]
    sessions: Vec<SessionName>,
    /// The address at which the couple reach their page, such as `https://noi.example.org`. Without it, on loopback only.
    #[arg(long, env = "PAGE_URL", default_value = "")]
    pub page_url: PageUrl,
    /// The browser extension of Chromium browsers that signs for an account with a passkey: the id at the end of its address in the store.
    #[arg(long, env = "PASSKEY_EXTENSION_ID", default_value = PasskeyExtension::PUBLIC)]
    passkey_extension: PasskeyExtension,
    /// The https address under which guests reach the public listener, such as `https://nozze.example.org`.
    #[arg(long, env = "PUBLIC_URL", default_value = "")]
    public_url: PublicUrl,
    /// Whose X-Forwarded-For and X-Forwarded-Proto the couple's listener believes: addresses or networks, separated by commas.
    #[arg(long, env = "QUEUE_API_TRUSTED_PROXIES", default_value = "")]
    trusted_proxies: TrustedProxies,
    /// The same of the public listener.
    #[arg(long, env = "QUEUE_API_PUBLIC_TRUSTED_PROXIES", default_value = "")]
    public_trusted_proxies: TrustedProxies,
    /// production or simulated: the pace that waits and forecasts are shown with.
    #[arg(long, env = "PACE_PROFILE", default_value = "production")]
    pace: PaceProfile,
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
    /// The secret behind a key is missing or weak.
    #[error("UNKNOWN_WRITERS_KEY: {0}")]
    Key(#[from] WeakSealingKey),
    /// No session at all.
    #[error("WAHA_SESSIONS names no session")]
    NoSession,
    /// A session twice.
    #[error("WAHA_SESSIONS names `{0}` twice")]
    Repeated(SessionName),
}

impl ServeArgs {
    /// The configuration, checked.
    pub fn config(&self) -> Result<Config, BadConfig> {
        Ok(Config {
            internal_token: token("QUEUE_API_INTERNAL_TOKEN", &self.internal_token)?,
            integration_token: token("INTEGRATION_TOKEN", &self.integration_token)?,
            worker_token: token("WORKER_TOKEN", &self.worker_token)?,
            sessions: distinct(&self.sessions)?,
            pace: self.pace,
            page_url: self.page_url.clone(),
            passkey_extension: self.passkey_extension.clone(),
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            public_trusted_proxies: self.public_trusted_proxies.clone(),
        })
    }

    /// What unknown writers are sealed with; the store takes it.
    pub fn unknown_writers_key(&self) -> Result<SealingKey, BadConfig> {
        Ok(SealingKey::new(&self.unknown_writers_key)?)
    }
}

fn distinct(sessions: &[SessionName]) -> Result<Vec<SessionName>, BadConfig> {
    if sessions.is_empty() {
        return Err(BadConfig::NoSession);
    }
    for (index, name) in sessions.iter().enumerate() {
        if sessions[..index].contains(name) {
            return Err(BadConfig::Repeated(name.clone()));
        }
    }
    Ok(sessions.to_vec())
}

fn token(variable: &'static str, secret: &SecretString) -> Result<BearerToken, BadConfig> {
    BearerToken::new(secret.clone()).map_err(|problem| BadConfig::Token { variable, problem })
}
