//! Which WAHA a server runs: its release and its engine.

use std::fmt;

use serde::Deserialize;

/// A WAHA release, `year.month.patch`. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// For example 2026.
    pub year: u16,
    /// 1 to 12.
    pub month: u16,
    /// Counts from 1 within the month.
    pub patch: u16,
}

impl Version {
    pub(crate) const fn new(year: u16, month: u16, patch: u16) -> Self {
        Self { year, month, patch }
    }

    /// Reads `2026.4.1`; what follows the digits of the last part (`-beta`) is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '.').map(leading_number);
        Some(Self {
            year: parts.next()??,
            month: parts.next()??,
            patch: parts.next()??,
        })
    }
}

fn leading_number(text: &str) -> Option<u16> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.year, self.month, self.patch)
    }
}

/// How the server speaks WhatsApp.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Engine {
    /// Chromium with whatsapp-web.js.
    WebJs,
    /// Chromium with `WPPConnect`.
    Wpp,
    /// A Node socket.
    NoWeb,
    /// A Go socket.
    Gows,
    /// One we do not know.
    Other(String),
}

impl Engine {
    /// As WAHA writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::WebJs => "WEBJS",
            Self::Wpp => "WPP",
            Self::NoWeb => "NOWEB",
            Self::Gows => "GOWS",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for Engine {
    fn from(name: String) -> Self {
        match name.as_str() {
            "WEBJS" => Self::WebJs,
            "WPP" => Self::Wpp,
            "NOWEB" => Self::NoWeb,
            "GOWS" => Self::Gows,
            _ => Self::Other(name),
        }
    }
}

/// Which WAHA a server runs. As text: `2026.10.1 GOWS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    /// The release.
    pub version: Version,
    /// The engine.
    pub engine: Engine,
}

impl ServerVersion {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, engine) = text.split_once(' ')?;
        Some(Self {
            version: Version::parse(version)?,
            engine: Engine::from(engine.to_owned()),
        })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version, self.engine.name())
    }
}
