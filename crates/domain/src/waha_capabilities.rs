//! What supported servers can do, by release and engine. The one place that compares releases.
//!
//! `docs/waha.md` shows the same tables; a test compares the two.

use crate::waha_server::{Engine, ServerVersion, Version};

/// The oldest supported release: the oldest whose answers were recorded.
pub const OLDEST: Version = Version::new(2026, 4, 1);

/// Something that not every supported server can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// `new-message-id`, and sending under the id that it gave (WAHA §4.3).
    ChosenMessageIds,
    /// Linking an account that WhatsApp asks for a passkey (WAHA §3).
    Passkey,
    /// `GET /api/sessions/{session}/timelock` (WAHA §2.6).
    TimelockRoute,
    /// `GET /api/sessions/{session}/capping`, and `me.messageCapping` (WAHA §2.6).
    Capping,
}

/// A row of [`AVAILABLE`].
#[derive(Clone, Copy, Debug)]
pub struct Availability {
    /// What the servers can do.
    pub capability: Capability,
    /// The first release that can.
    pub since: Version,
    /// The engines that can.
    pub engines: &'static [Engine],
}

/// Releases of an engine whose defect harms the people who use it.
#[derive(Clone, Copy, Debug)]
pub struct KnownBad {
    /// The engine.
    pub engine: &'static Engine,
    /// The first release with the defect.
    pub since: Version,
    /// The first release without it.
    pub repaired: Version,
}

/// Which releases and engines have which capability.
pub const AVAILABLE: [Availability; 4] = {
    use Capability as C;
    const SOCKET: &[Engine] = &[Engine::Gows, Engine::NoWeb];
    const GOWS: &[Engine] = &[Engine::Gows];
    const TIMELOCK: &[Engine] = &[Engine::Gows, Engine::NoWeb, Engine::WebJs];
    [
        row(C::ChosenMessageIds, Version::new(2026, 4, 3), SOCKET),
        row(C::Passkey, Version::new(2026, 7, 1), GOWS),
        row(C::TimelockRoute, Version::new(2026, 8, 1), TIMELOCK),
        row(C::Capping, Version::new(2026, 8, 1), GOWS),
    ]
};

/// What is typed on the phone is filed under the own number, and `lids/{lid}` answers the own number for other people (#2241, #2299).
pub const KNOWN_BAD: [KnownBad; 1] = [KnownBad {
    engine: &Engine::Gows,
    since: Version::new(2026, 8, 1),
    repaired: Version::new(2026, 10, 1),
}];

/// Whether a server can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Supported,
    /// It can, but it has a defect of [`KNOWN_BAD`].
    KnownBad,
    /// It is older than [`OLDEST`].
    TooOld,
}

impl ServerVersion {
    /// Whether this server has the capability.
    pub fn can(&self, capability: Capability) -> bool {
        AVAILABLE.iter().any(|row| {
            row.capability == capability
                && row.since <= self.version
                && row.engines.contains(&self.engine)
        })
    }

    /// Whether this server can be worked with.
    pub fn support(&self) -> Support {
        let has_defect = |bad: &KnownBad| {
            *bad.engine == self.engine && (bad.since..bad.repaired).contains(&self.version)
        };
        if self.version < OLDEST {
            Support::TooOld
        } else if KNOWN_BAD.iter().any(has_defect) {
            Support::KnownBad
        } else {
            Support::Supported
        }
    }
}

const fn row(capability: Capability, since: Version, engines: &'static [Engine]) -> Availability {
    Availability {
        capability,
        since,
        engines,
    }
}
