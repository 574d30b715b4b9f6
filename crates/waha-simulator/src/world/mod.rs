//! Everything the simulator knows, under one lock: WAHA's sessions, and the WhatsApp network outside WAHA.
//! What is in `network` and in each session's `login` survives a restart; the rest as the version does.

pub(crate) mod attachment;
pub(crate) mod message;
pub(crate) mod network;
pub(crate) mod session;
pub(crate) mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use self::network::Network;
use self::session::Session;
use crate::config::Owner;
use crate::lifecycle::PasskeyDemand;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) sessions: BTreeMap<String, Session>,
    /// Whose phone scans the QR of which session.
    pub(crate) owners: BTreeMap<String, Owner>,
    /// Of which sessions WhatsApp asks for a passkey, and how.
    pub(crate) passkey_demands: BTreeMap<String, PasskeyDemand>,
    pub(crate) network: Network,
}

impl World {
    pub(crate) fn new(started_at: DateTime<Utc>) -> Self {
        Self {
            started_at,
            sessions: BTreeMap::new(),
            owners: BTreeMap::new(),
            passkey_demands: BTreeMap::new(),
            network: Network::default(),
        }
    }

    pub(crate) fn session(&self, name: &str) -> Option<&Session> {
        self.sessions.get(name)
    }

    pub(crate) fn session_mut(&mut self, name: &str) -> Option<&mut Session> {
        self.sessions.get_mut(name)
    }

    /// The session, made if it does not exist.
    pub(crate) fn session_or_new(&mut self, name: &str) -> &mut Session {
        self.sessions.entry(name.to_owned()).or_default()
    }
}
