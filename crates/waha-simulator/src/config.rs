//! How a simulator is set up: whom it plays, whose phone it is paired with, and where its webhooks go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::Outbound;

use crate::profile::Profile;

/// Everything a simulator is told at the start. All waits are WAHA's own and are multiplied by `time_scale`.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// Which version and engine it is.
    pub profile: Profile,
    /// The key callers must send.
    pub api_key: String,
    /// The session that the human side (scanning, guests, the owner) belongs to.
    pub session: String,
    /// Whose phone scans the QR of that session.
    pub owner: Owner,
    /// How long a call is held before the 422 of a session in the wrong state; none is as recorded (5 and 10 s).
    pub hold_before_422: Option<Duration>,
    /// Multiplies every wait of WAHA's own (QR lifetime, stopping, holding, webhook retries); 1 is as recorded.
    pub time_scale: f64,
    /// When set, a shown QR is scanned by itself after this time.
    pub scans_itself_after: Option<Duration>,
    /// The webhook of WAHA's environment, added to those of the session.
    pub global_webhook: Option<GlobalWebhook>,
    /// `WHATSAPP_START_SESSION`: started at every process start.
    pub start_session: bool,
    /// `WAHA_PRESENCE_AUTO_ONLINE`: the account goes online by itself around activity.
    pub auto_online: bool,
    /// When acks of own messages come.
    pub auto_acks: AutoAcks,
    /// How long after the HTTP answer the own-message event is posted; none posts it before the answer, as recorded.
    pub own_event_after_answer: Option<Duration>,
    /// Where webhooks are posted.
    pub delivery: Delivery,
}

impl SimulatorConfig {
    /// A simulator of `profile` with the session `default` and invented owner, for callers that send `api_key`.
    pub fn new(profile: Profile, api_key: impl Into<String>) -> Self {
        Self {
            profile,
            api_key: api_key.into(),
            session: "default".to_owned(),
            owner: Owner::default(),
            hold_before_422: None,
            time_scale: 1.0,
            scans_itself_after: None,
            global_webhook: None,
            start_session: false,
            auto_online: true,
            auto_acks: AutoAcks::default(),
            own_event_after_answer: None,
            delivery: Delivery::Network,
        }
    }
}

/// The WhatsApp account whose phone scans the QR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Digits, country code first.
    pub number: String,
    /// The name others see.
    pub name: String,
    /// The account's hidden id, digits only.
    pub lid: String,
}

impl Default for Owner {
    fn default() -> Self {
        Self {
            number: "393331112222".to_owned(),
            name: "Sposo".to_owned(),
            lid: "111222333444555".to_owned(),
        }
    }
}

/// `WHATSAPP_HOOK_*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalWebhook {
    /// Where to post.
    pub url: String,
    /// Event names, or `*`.
    pub events: Vec<String>,
    /// The key of the signature.
    pub hmac_key: Option<String>,
}

/// When the phones of guests confirm an own message, counted from the send. None never comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutoAcks {
    /// WhatsApp's servers have it (1).
    pub server: Option<Duration>,
    /// The guest's phone has it (2).
    pub device: Option<Duration>,
    /// The guest read it (3).
    pub read: Option<Duration>,
}

impl AutoAcks {
    /// No ack comes by itself.
    pub const NONE: Self = Self {
        server: None,
        device: None,
        read: None,
    };
}

impl Default for AutoAcks {
    /// Delivered after a second, never read.
    fn default() -> Self {
        Self {
            device: Some(Duration::from_secs(1)),
            ..Self::NONE
        }
    }
}

/// Where webhooks go.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// To the URL they name.
    Network,
    /// To peers in this process; a URL of nobody there is a refused connection.
    InProcess(Peers),
}

/// Receivers of webhooks in this process, by origin. Clones are the same list, so that a receiver can be added after the simulator was made.
#[derive(Clone, Debug, Default)]
pub struct Peers(Arc<Mutex<BTreeMap<String, Outbound>>>);

impl Peers {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Posts to URLs that begin with `origin` (`http://host:port`) go to `peer` from now on.
    pub fn connect(&self, origin: impl Into<String>, peer: Outbound) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(origin.into(), peer);
    }

    pub(crate) fn find(&self, origin: &str) -> Option<Outbound> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(origin)
            .cloned()
    }
}
