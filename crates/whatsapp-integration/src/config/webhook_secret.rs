//! One secret of the operator, and what each session's webhooks get from it: an unguessable part of the URL and a
//! signing key. Derived and not stored, so that a restart finds WAHA's configuration unchanged.

use domain::session::SessionName;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The secret behind all webhook paths and signing keys, at least 32 characters.
#[derive(Clone, Debug)]
pub struct WebhookSecret(SecretString);

/// The webhook secret can be guessed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "WEBHOOK_SECRET is shorter than {} characters: make one, for example with `openssl rand -hex 32`",
    WebhookSecret::SHORTEST
)]
pub struct WeakWebhookSecret;

impl WebhookSecret {
    /// The fewest characters that are accepted.
    pub const SHORTEST: usize = 32;

    /// Refuses what is too short to protect anything.
    pub fn new(secret: SecretString) -> Result<Self, WeakWebhookSecret> {
        if secret.expose_secret().trim().chars().count() < Self::SHORTEST {
            return Err(WeakWebhookSecret);
        }
        Ok(Self(secret))
    }

    /// The last part of the session's webhook path, 64 hexadecimal digits.
    pub fn path_part(&self, session: &SessionName) -> SecretString {
        self.derive("webhook path", session)
    }

    /// The key with which that session's WAHA signs, 64 hexadecimal digits.
    pub fn signing_key(&self, session: &SessionName) -> SecretString {
        self.derive("webhook signature", session)
    }

    fn derive(&self, label: &str, session: &SessionName) -> SecretString {
        let key = self.0.expose_secret().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(format!("{label} of {session}").as_bytes());
        hex::encode(mac.finalize().into_bytes()).into()
    }
}
