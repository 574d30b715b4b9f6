//! One receiver of a session's events, with its secrets (WAHA §7.2, §7.3).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use super::UnknownKeys;
use crate::lenient::or_none;

/// One receiver of events.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookConfig {
    /// Where to post; it holds an unguessable part.
    pub url: String,
    /// Names of events. A name the version does not know is refused with 400.
    pub events: Vec<String>,
    /// The signing key.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub hmac: Option<Hmac>,
    /// How failed posts are repeated.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub retries: Option<Retries>,
    /// Headers to add.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub custom_headers: Option<Vec<CustomHeader>>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// How posts to a receiver are signed.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Hmac {
    /// The key.
    pub key: HmacKey,
}

/// A signing key. WAHA gives it back in clear text; we never show it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct HmacKey(pub SecretString);

impl PartialEq for HmacKey {
    /// Compares our own configuration with what the server stored: no secret can leak by timing
    /// here.
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Serialize for HmacKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

/// How failed posts are repeated (WAHA §7.3).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Retries {
    /// How the wait grows.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub policy: Option<RetryPolicy>,
    /// The first wait, in seconds; fractions work.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<f64>,
    /// Retries after the first try.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
}

/// How the wait between retries grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RetryPolicy {
    /// Always the same.
    Constant,
    /// One more delay each time.
    Linear,
    /// Twice as long each time, plus up to 20 %.
    Exponential,
}

/// A header added to each post.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct CustomHeader {
    /// Its name.
    pub name: String,
    /// Its value, perhaps a secret.
    pub value: String,
}

impl fmt::Debug for WebhookConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookConfig")
            .field("events", &self.events)
            .field("signed", &self.hmac.is_some())
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CustomHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomHeader")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
