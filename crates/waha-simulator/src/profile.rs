//! Which WAHA is played: its version, its engine, and what follows from them.
//! The two recorded versions follow the recordings; the newest follows `waha-api.md` and, where that is silent, the newer recording.

use serde::{Deserialize, Serialize};

/// A version and engine of WAHA that the simulator can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// 2024.10.8, NOWEB, free: no key check, no signatures, no retries, everything in memory.
    Waha2024_10_8NoWeb,
    /// 2026.4.1, NOWEB, free: one session, configuration in memory, message store on disk.
    Waha2026_4_1NoWeb,
    /// 2026.8.1, GOWS: everything free, any number of sessions.
    Waha2026_8Gows,
    /// 2026.8.1, WEBJS: a browser engine, which ignores client-chosen ids.
    Waha2026_8WebJs,
    /// 2026.8.1, NOWEB.
    Waha2026_8NoWeb,
}

/// The engine behind a profile; it shapes answers and events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    NoWeb,
    Gows,
    WebJs,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: [Self; 5] = [
        Self::Waha2024_10_8NoWeb,
        Self::Waha2026_4_1NoWeb,
        Self::Waha2026_8NoWeb,
        Self::Waha2026_8WebJs,
        Self::Waha2026_8Gows,
    ];

    /// The profile's name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waha2024_10_8NoWeb => "2024.10.8-noweb",
            Self::Waha2026_4_1NoWeb => "2026.4.1-noweb",
            Self::Waha2026_8Gows => "2026.8-gows",
            Self::Waha2026_8WebJs => "2026.8-webjs",
            Self::Waha2026_8NoWeb => "2026.8-noweb",
        }
    }

    /// The version WAHA reports.
    pub const fn version(self) -> &'static str {
        match self {
            Self::Waha2024_10_8NoWeb => "2024.10.8",
            Self::Waha2026_4_1NoWeb => "2026.4.1",
            Self::Waha2026_8Gows | Self::Waha2026_8WebJs | Self::Waha2026_8NoWeb => "2026.8.1",
        }
    }

    /// The engine name WAHA reports: `NOWEB`, `GOWS` or `WEBJS`.
    pub const fn engine_name(self) -> &'static str {
        match self.engine() {
            Engine::NoWeb => "NOWEB",
            Engine::Gows => "GOWS",
            Engine::WebJs => "WEBJS",
        }
    }

    pub(crate) const fn engine(self) -> Engine {
        match self {
            Self::Waha2026_8Gows => Engine::Gows,
            Self::Waha2026_8WebJs => Engine::WebJs,
            _ => Engine::NoWeb,
        }
    }

    /// 2024.10.8: the oldest of the three generations.
    pub(crate) const fn is_2024(self) -> bool {
        matches!(self, Self::Waha2024_10_8NoWeb)
    }

    /// 2026.6.1 and later, where every feature is free (WAHA §1.3).
    pub(crate) const fn is_newest(self) -> bool {
        !matches!(self, Self::Waha2024_10_8NoWeb | Self::Waha2026_4_1NoWeb)
    }

    pub(crate) const fn is_noweb(self) -> bool {
        matches!(self.engine(), Engine::NoWeb)
    }

    /// Only the session `default` may exist, and it exists from the start.
    pub(crate) const fn is_core(self) -> bool {
        !self.is_newest()
    }

    /// The API key is checked (WAHA §1.1).
    pub(crate) const fn checks_key(self) -> bool {
        !self.is_2024()
    }

    /// Webhooks carry signatures and custom headers and are retried (WAHA §1.3).
    pub(crate) const fn has_webhook_options(self) -> bool {
        !self.is_2024()
    }

    /// Session configuration is forgotten when the process restarts.
    pub(crate) const fn forgets_config(self) -> bool {
        self.is_core()
    }

    /// The body field `id` of a send is used, and `new-message-id` exists (WAHA §4.3).
    pub(crate) const fn takes_chosen_ids(self) -> bool {
        self.is_newest() && !matches!(self.engine(), Engine::WebJs)
    }
}

/// A profile name that is not one of [`Profile::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownProfile;

impl std::fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown profile; known ones: ")?;
        for (index, profile) in Profile::ALL.iter().enumerate() {
            write!(
                f,
                "{}{}",
                if index == 0 { "" } else { ", " },
                profile.name()
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownProfile {}

impl std::str::FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or(UnknownProfile)
    }
}
