//! The configuration of a session, as it is read, compared and written back (WAHA §2.2).
//!
//! A PUT replaces the whole configuration and restarts the session. So keys we do not know are
//! kept, and [`SessionConfig::differs_from`] says whether a PUT is needed at all. What is secret in
//! it (signing keys, header values, the webhook's unguessable URL, whatever unknown keys hold) is
//! never shown by `Debug`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::lenient::or_none;

mod compare;
mod webhook;

pub use webhook::{CustomHeader, Hmac, HmacKey, Retries, RetryPolicy, WebhookConfig};

/// Keys we have no name for, kept so that a PUT does not lose them. Their values are not shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct UnknownKeys(pub Map<String, Value>);

/// A session's configuration. Absent members are not written.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct SessionConfig {
    /// Words of the operator, echoed in every webhook.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Whose messages make no event.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Ignore>,
    /// Settings of the NOWEB engine.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub noweb: Option<NowebConfig>,
    /// Settings of the GOWS engine.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub gows: Option<GowsConfig>,
    /// Where events are posted.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Vec<WebhookConfig>>,
    /// Everything else the server keeps there (proxy, client, debug, …).
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// Kinds of chats whose messages make no event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Ignore {
    /// Status updates.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub status: Option<bool>,
    /// Groups.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub groups: Option<bool>,
    /// Channels.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub channels: Option<bool>,
    /// Broadcast lists.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub broadcast: Option<bool>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// Settings of the NOWEB engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NowebConfig {
    /// Shows the account online as long as it is connected. The server fills in `true` when it is
    /// left out.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub mark_online: Option<bool>,
    /// The message store.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub store: Option<NowebStore>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// NOWEB's message store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NowebStore {
    /// Must be on before the QR is scanned, else nothing can be read back.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Fetches the phone's whole history at pairing.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub full_sync: Option<bool>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// Settings of the GOWS engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct GowsConfig {
    /// What is stored; all of it by default.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub storage: Option<GowsStorage>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

/// What GOWS stores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct GowsStorage {
    /// Messages; without them nothing can be read back.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub messages: Option<bool>,
    /// Chats.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub chats: Option<bool>,
    /// Groups.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub groups: Option<bool>,
    /// Labels.
    #[serde(deserialize_with = "or_none", skip_serializing_if = "Option::is_none")]
    pub labels: Option<bool>,
    /// Keys of later versions.
    #[serde(flatten)]
    pub unknown: UnknownKeys,
}

impl fmt::Debug for SessionConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionConfig")
            .field("ignore", &self.ignore)
            .field("noweb", &self.noweb)
            .field("gows", &self.gows)
            .field("webhooks", &self.webhooks)
            .field("unknown", &self.unknown)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UnknownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
