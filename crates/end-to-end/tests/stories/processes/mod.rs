//! Stories with the real binaries as processes of their own, on real sockets and in real time.
//!
//! The WAHAs and the wire between worker and integration are in the test process, so that a test can hold any step of a
//! send, kill or stop somebody there, and look at what the guest's phone showed.

mod asleep;
mod chaos;
mod gates;
#[cfg(feature = "healing")]
mod healing;
mod health_checks;
mod killed;
mod killed_online;
mod logs;
mod passkey;
mod person;
mod places;
mod points;
pub(crate) mod ports;
mod program;
pub(crate) mod system;
mod wire;
