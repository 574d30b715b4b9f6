//! What every service does alike: time and chance, calls to other services, serving, answering
//! with problem documents, health, metrics, logs and stopping.
//!
//! It knows no words of the domain and no storage. The rule that must hold: nothing in here ever
//! writes a phone number, a message text, a token or a key into a log or an error.

pub mod clock;
pub mod dice;
pub mod health;
pub mod lifecycle;
pub mod metrics;
pub mod outbound;
pub mod problem;
pub mod serve;
pub mod service_auth;
pub mod telemetry;
#[cfg(any(test, feature = "testing"))]
pub mod virtual_time;

pub use clock::Clock;
pub use dice::Dice;
pub use lifecycle::{Shutdown, Tasks};
pub use outbound::Outbound;
pub use problem::Problem;
