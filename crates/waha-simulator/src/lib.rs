//! A WAHA that remembers everything with times and can misbehave: a library for tests, a binary for demos and compose.
//!
//! It plays two recorded versions and the newest documented one ([`Profile`]): their HTTP API, their webhooks, and what each forgets.
//! Around it stand people: the owner who scans and types by hand, and guests whose phones show what really arrived.
//! It knows nothing of the client that calls it; every JSON is built here, after the recordings.
//!
//! All waits are tokio's, so that everything also works under a paused clock with no sockets.

mod address;
mod config;
mod control;
mod gates;
mod http;
mod ids;
mod lifecycle;
mod misbehaviour;
mod people;
mod profile;
mod record;
mod shapes;
mod simulator;
mod snapshot;
mod waha;
mod webhooks;
mod world;

pub use self::config::{AutoAcks, Delivery, GlobalWebhook, Owner, Peers, SimulatorConfig};
pub use self::gates::{Gate, Step};
pub use self::http::BrokenConnection;
pub use self::lifecycle::{NothingToScan, PasskeyDemand, PasskeyVerdict};
pub use self::misbehaviour::{Misbehaviour, Switch};
pub use self::people::Guest;
pub use self::profile::{Profile, UnknownProfile};
pub use self::record::{Delivered, Posted, Recorded, RecordedCall, WrittenBy};
pub use self::simulator::Simulator;
pub use self::snapshot::Snapshot;
pub use self::world::attachment::Attached;
pub use self::world::session::{Refused, Status};
