//! Which WAHA is played: its version, its engine, and what follows from them.
//! 2026.4.1 follows its recordings; newer versions follow WAHA's documents (`docs/waha.md`) and, where these are silent, the recordings.

use serde::{Deserialize, Serialize};

/// A version and engine of WAHA that the simulator can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// 2026.4.1, NOWEB, free: one session, configuration in memory, message store on disk.
    Waha2026_4_1NoWeb,
    /// 2026.8.1, GOWS: everything free, any number of sessions. It files under the own number what is typed on the phone, and answers the
    /// own number for every hidden id (#2241, #2299). What its `_data` tells of such a message is not documented: here nothing.
    Waha2026_8Gows,
    /// 2026.10.1, NOWEB.
    Waha2026_10NoWeb,
    /// 2026.10.1, WEBJS: a browser engine, which ignores client-chosen ids.
    Waha2026_10WebJs,
    /// 2026.10.1, GOWS: what `docker-compose.yml` names.
    Waha2026_10Gows,
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
        Self::Waha2026_4_1NoWeb,
        Self::Waha2026_8Gows,
        Self::Waha2026_10NoWeb,
        Self::Waha2026_10WebJs,
        Self::Waha2026_10Gows,
    ];

    /// The profile's name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waha2026_4_1NoWeb => "2026.4.1-noweb",
            Self::Waha2026_8Gows => "2026.8-gows",
            Self::Waha2026_10NoWeb => "2026.10-noweb",
            Self::Waha2026_10WebJs => "2026.10-webjs",
            Self::Waha2026_10Gows => "2026.10-gows",
        }
    }

    /// The version WAHA reports.
    pub const fn version(self) -> &'static str {
        match self {
            Self::Waha2026_4_1NoWeb => "2026.4.1",
            Self::Waha2026_8Gows => "2026.8.1",
            Self::Waha2026_10NoWeb | Self::Waha2026_10WebJs | Self::Waha2026_10Gows => "2026.10.1",
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
            Self::Waha2026_8Gows | Self::Waha2026_10Gows => Engine::Gows,
            Self::Waha2026_10WebJs => Engine::WebJs,
            _ => Engine::NoWeb,
        }
    }

    /// 2026.6.1 and later, where every feature is free (WAHA §1.3).
    pub(crate) const fn is_newest(self) -> bool {
        !matches!(self, Self::Waha2026_4_1NoWeb)
    }

    /// Takes other people for the account itself (WAHA §9).
    pub(crate) const fn mixes_up_identities(self) -> bool {
        matches!(self, Self::Waha2026_8Gows)
    }

    pub(crate) const fn is_noweb(self) -> bool {
        matches!(self.engine(), Engine::NoWeb)
    }

    /// Only the session `default` may exist, it exists from the start, and its configuration is forgotten with the process.
    pub(crate) const fn is_core(self) -> bool {
        !self.is_newest()
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
