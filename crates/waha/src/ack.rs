//! How far a message has come (WAHA §7.5).

/// How far a message has come. Ordered: later is further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ack {
    /// Refused or failed.
    Error,
    /// Known to our side only.
    Pending,
    /// WhatsApp has it.
    Server,
    /// It reached a device.
    Device,
    /// Read (never shown when read receipts are off).
    Read,
    /// A voice message was played.
    Played,
}

impl Ack {
    /// WAHA's number, −1 to 4.
    pub fn from_level(level: i64) -> Option<Self> {
        Some(match level {
            -1 => Self::Error,
            0 => Self::Pending,
            1 => Self::Server,
            2 => Self::Device,
            3 => Self::Read,
            4 => Self::Played,
            _ => return None,
        })
    }

    /// WAHA's number, −1 to 4.
    pub fn level(self) -> i8 {
        match self {
            Self::Error => -1,
            Self::Pending => 0,
            Self::Server => 1,
            Self::Device => 2,
            Self::Read => 3,
            Self::Played => 4,
        }
    }
}
