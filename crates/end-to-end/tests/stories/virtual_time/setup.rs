//! How a system of virtual time is set up.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{config::PaceProfile, release::Rulebook};
use waha_simulator::Profile;
use whatsapp_worker::Timings;

/// How a system is set up; the default is one at noon in Rome, in production pace, all rules in force.
pub(crate) struct Setup {
    pub(crate) begins: DateTime<Utc>,
    pub(crate) pace: PaceProfile,
    pub(crate) book: Rulebook,
    pub(crate) profile: Profile,
    pub(crate) seed: u64,
    pub(crate) timings: Timings,
    pub(crate) sessions: Vec<&'static str>,
    /// Whether each phone scans the QR code by itself; the system has started once all are connected.
    pub(crate) scans: bool,
    /// The longest that a worker goes without looking.
    pub(crate) interval: Duration,
    /// Between two looks of the integration at a session.
    pub(crate) look_interval: Duration,
    /// Every second worker leaves what it has begun when it is stopped, as if it had been killed.
    pub(crate) hasty: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            begins: "2026-06-10T10:00:00Z".parse().expect("a time"),
            pace: PaceProfile::Production,
            book: Rulebook::default(),
            profile: Profile::Waha2026_10Gows,
            seed: 1,
            timings: Timings {
                // It would hide what `stuck` looks for.
                sweep: None,
                ..Timings::default()
            },
            sessions: vec!["groom", "bride"],
            scans: true,
            interval: Duration::from_mins(1),
            look_interval: whatsapp_integration::LOOK_INTERVAL,
            hasty: false,
        }
    }
}

impl Setup {
    /// For stories over days: leases, looks at the queue and the reading of all chats at a pace that days can afford. What
    /// they are measured by does not depend on it: webhooks carry the facts, and the worker knows the next due time.
    pub(crate) fn for_days() -> Self {
        let timings = Timings {
            lease: Duration::from_hours(1),
            renew: Duration::from_mins(20),
            recover: Duration::from_hours(6),
            sweep: None,
            ..Timings::default()
        };
        Self {
            timings,
            interval: Duration::from_mins(15),
            look_interval: Duration::from_mins(5),
            ..Self::default()
        }
    }
}
