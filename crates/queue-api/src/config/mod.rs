//! What this service is told at its start, parsed once. Secrets are held in types that do not print them.

mod args;

use chassis::service_auth::BearerToken;
use domain::config::PaceProfile;
use domain::session::SessionName;

pub use args::{Args, BadConfig, Command, ServeArgs};

/// Everything but what tests replace (that is [`crate::Deps`]) and where to listen.
#[derive(Clone, Debug)]
pub struct Config {
    /// What callers of the inner listener present.
    pub internal_token: BearerToken,
    /// What this service presents to whatsapp-integration.
    pub integration_token: BearerToken,
    /// What this service presents to whatsapp-worker.
    pub worker_token: BearerToken,
    /// The sessions of this installation.
    pub sessions: Vec<SessionName>,
    /// The pace that waits and forecasts are computed with; the worker's own decides.
    pub pace: PaceProfile,
}
