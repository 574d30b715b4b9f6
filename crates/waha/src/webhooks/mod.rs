//! What WAHA posts to us (WAHA §7): is it genuine ([`Signature`]) and what happened ([`Event`]).
//!
//! Order is not promised and duplicates are normal. `message` and `message.any` of one message
//! carry the *same* envelope id, so nothing may be dropped by that id alone; the raw message id is
//! what counts.

mod kind;
mod signature;

use domain::waha_server::Engine;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::cleaning::cleaned;
use crate::lenient;
use crate::session_info::Me;

pub use kind::EventKind;
pub use signature::Signature;

/// One post.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it happened, in unix *milliseconds*.
    pub at_ms: i64,
    /// The session's name inside that WAHA.
    pub session: String,
    /// The session's account, once logged in.
    pub me: Option<Me>,
    /// The engine.
    pub engine: Option<Engine>,
    /// What happened.
    pub kind: EventKind,
}

/// A post that is not an event.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BadEvent {
    /// Not a JSON object with `event`, `session` and `timestamp`.
    #[error("the post is not an event envelope")]
    Envelope,
    /// An event we know, with a payload we cannot read.
    #[error("the payload of `{event}` cannot be read")]
    Payload {
        /// The event's name.
        event: String,
    },
}

#[derive(Deserialize)]
struct Envelope {
    event: String,
    session: String,
    timestamp: i64,
    #[serde(default, deserialize_with = "lenient::or_none")]
    me: Option<Me>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    engine: Option<Engine>,
    #[serde(default)]
    payload: Value,
}

impl Event {
    /// Reads the body of a post, cleaned of what nothing else reads. An unknown event is [`EventKind::Other`]; only a broken one is an
    /// error.
    pub fn parse(body: &[u8]) -> Result<Self, BadEvent> {
        let envelope: Envelope =
            serde_json::from_slice(&cleaned(body)).map_err(|_| BadEvent::Envelope)?;
        let Some(kind) = EventKind::read(&envelope.event, envelope.payload) else {
            return Err(BadEvent::Payload {
                event: envelope.event,
            });
        };
        Ok(Self {
            at_ms: envelope.timestamp,
            session: envelope.session,
            me: envelope.me,
            engine: envelope.engine,
            kind,
        })
    }
}
