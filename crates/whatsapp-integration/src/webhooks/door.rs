//! The place where one session's WAHA posts, and how it proves to be that WAHA.

use domain::session::SessionName;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use waha::Signature;

use crate::config::Config;

/// The door of one session.
pub(crate) struct Door {
    path_part: SecretString,
    key: SecretString,
    url: SecretString,
}

impl Door {
    pub(crate) fn new(config: &Config, session: &SessionName) -> Self {
        let path_part = config.webhook_secret.path_part(session);
        let (base, secret) = (&config.webhook_url, path_part.expose_secret());
        Self {
            url: format!("{base}/webhooks/{session}/{secret}").into(),
            key: config.webhook_secret.signing_key(session),
            path_part,
        }
    }

    /// Where that WAHA posts. It holds the unguessable part.
    pub(crate) const fn url(&self) -> &SecretString {
        &self.url
    }

    /// What it signs with.
    pub(crate) const fn key(&self) -> &SecretString {
        &self.key
    }

    /// Whether this is the unguessable part, in a time that tells nothing about it.
    pub(super) fn is_here(&self, path_part: &str) -> bool {
        let expected = self.path_part.expose_secret().as_bytes();
        expected.ct_eq(path_part.as_bytes()).into()
    }

    /// Whether our WAHA posted exactly these bytes.
    pub(super) fn lets_in(&self, signature: &str, body: &[u8]) -> bool {
        Signature::from_header(signature).is_some_and(|signature| signature.proves(&self.key, body))
    }
}
