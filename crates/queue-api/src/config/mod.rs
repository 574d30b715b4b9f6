//! What this service is told at its start, parsed once. Secrets are held in types that do not print them.

mod args;
mod page_url;
mod passkey_extension;
mod public_url;
mod trusted_proxies;

use chassis::service_auth::BearerToken;
use domain::config::PaceProfile;
use domain::session::SessionName;

pub use args::{Args, BadConfig, Command, ServeArgs};
pub use page_url::{BadPageUrl, PageUrl};
pub use passkey_extension::{BadExtension, PasskeyExtension};
pub use public_url::{BadPublicUrl, PublicUrl};
pub use trusted_proxies::{BadProxies, TrustedProxies};

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
    /// Where the couple reach their page.
    pub page_url: PageUrl,
    /// The browser extension that signs with a passkey.
    pub passkey_extension: PasskeyExtension,
    /// Where guests reach the public listener.
    pub public_url: PublicUrl,
    /// Who may say, on the couple's listener, whom they ask for, and whether it was by https.
    pub trusted_proxies: TrustedProxies,
    /// Who may say, on the public listener, whom they ask for.
    pub public_trusted_proxies: TrustedProxies,
}
