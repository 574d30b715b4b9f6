//! What this service is told at its start, parsed once. Secrets are held in types that do not print them.

mod args;
mod webhook_secret;

use chassis::service_auth::BearerToken;
use domain::session::SessionName;
use secrecy::SecretString;

pub use args::{Args, BadConfig, Command};
pub use webhook_secret::{WeakWebhookSecret, WebhookSecret};

/// Everything but what tests replace (that is [`crate::Deps`]) and where to listen.
#[derive(Clone, Debug)]
pub struct Config {
    /// What callers of this service present.
    pub token: BearerToken,
    /// What this service presents to queue-api's inner listener.
    pub queue_api_token: BearerToken,
    /// Where the WAHAs reach the webhook listener: scheme, host and port, no slash at the end.
    pub webhook_url: String,
    /// From which each session's webhook path and signing key are derived.
    pub webhook_secret: WebhookSecret,
    /// The sessions, one WAHA session each.
    pub sessions: Vec<SessionConfig>,
}

/// One session and its place inside its WAHA.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// Its name among our services, such as `groom`.
    pub name: SessionName,
    /// Its name inside that WAHA, usually `default`.
    pub waha_session: String,
    /// The key of that WAHA.
    pub api_key: SecretString,
}
