//! The envelope around a payload, byte for byte what is signed and posted (WAHA §7.1).

use serde_json::{Value, json};

use crate::ids;
use crate::shapes::session_info::{environment, me};
use crate::waha::Waha;

/// What all deliveries of one happening share.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub(crate) event_id: String,
    /// Milliseconds.
    pub(crate) timestamp: i64,
}

impl Waha {
    pub(super) fn stamp(&self) -> Stamp {
        let timestamp = self.now().timestamp_millis();
        Stamp {
            event_id: self.roll(|rng| ids::event_id(timestamp, rng)),
            timestamp,
        }
    }

    pub(super) fn envelope(
        &self,
        session: &str,
        event: &str,
        payload: &Value,
        stamp: &Stamp,
    ) -> Vec<u8> {
        let profile = self.profile();
        let mut envelope = json!({
            "id": stamp.event_id,
            "timestamp": stamp.timestamp,
            "event": event,
            "session": session,
            "me": self.look(session, |session| me(profile, session)),
            "payload": payload,
            "engine": profile.engine_name(),
            "environment": environment(profile),
        });
        if let Some(metadata) = self.metadata(session) {
            envelope["metadata"] = metadata;
        }
        envelope.to_string().into_bytes()
    }

    fn metadata(&self, session: &str) -> Option<Value> {
        let metadata = |config: &Value| {
            config
                .get("metadata")
                .filter(|data| !data.is_null())
                .cloned()
        };
        self.look(session, |session| {
            session.config.as_ref().and_then(metadata)
        })
        .flatten()
    }
}
