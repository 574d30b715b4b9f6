//! What outlives the program itself: the people's side, and what this version of WAHA keeps on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::waha::Waha;
use crate::world::network::Network;
use crate::world::session::{Login, Session, Status};
use crate::world::store::Store;

/// The simulator's memory, to be written to a file and given to [`crate::Simulator::resume`]. It holds message texts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    sessions: BTreeMap<String, Kept>,
    network: Network,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    config: Option<Value>,
    login: Option<Login>,
    store: Store,
    was_running: bool,
}

impl Waha {
    pub(crate) fn snapshot(&self) -> Snapshot {
        let world = self.world();
        let kept = |(name, session): (&String, &Session)| {
            let kept = Kept {
                config: session.config.clone(),
                login: session.login.clone(),
                store: session.store.clone(),
                was_running: session.is_running(),
            };
            (name.clone(), kept)
        };
        Snapshot {
            sessions: world.sessions.iter().map(kept).collect(),
            network: world.network.clone(),
        }
    }

    /// Goes on from a snapshot as after a restart of the process: what this version forgets is forgotten.
    pub(crate) fn resume(self: &Arc<Self>, snapshot: Snapshot) {
        {
            let mut world = self.world();
            world.network = snapshot.network;
            for (name, kept) in snapshot.sessions {
                let status = if kept.was_running {
                    Status::Working
                } else {
                    Status::Stopped
                };
                let (config, login, store) = (kept.config, kept.login, kept.store);
                let session = Session {
                    config,
                    status,
                    login,
                    store,
                    ..Session::default()
                };
                world.sessions.insert(name, session);
            }
        }
        self.restart_process();
    }
}
