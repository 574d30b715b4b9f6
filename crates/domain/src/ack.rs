//! Receipts: how far WhatsApp says a message got (WAHA §7.5). They come doubled, late, out of order.

use serde::{Deserialize, Serialize};

/// A receipt's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Ack {
    /// −1: refused or failed.
    Error,
    /// 0: known only locally.
    Pending,
    /// 1: WhatsApp has it.
    Server,
    /// 2: it reached a device.
    Device,
    /// 3: read.
    Read,
    /// 4: a voice message was played.
    Played,
}

/// The number is no receipt level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a receipt level")]
pub struct UnknownAck(pub i64);

impl Ack {
    /// The level as WAHA counts it: −1 to 4.
    pub const fn level(self) -> i64 {
        match self {
            Self::Error => -1,
            Self::Pending => 0,
            Self::Server => 1,
            Self::Device => 2,
            Self::Read => 3,
            Self::Played => 4,
        }
    }

    /// Whether it tells that WhatsApp has the message. One that does outweighs every refusal, whichever came first.
    pub fn proves_arrival(self) -> bool {
        self >= Self::Server
    }

    /// The better of what was known and what came now: an error counts only when nothing ≥ 1 was ever seen.
    #[must_use]
    pub fn fold(known: Option<Self>, new: Self) -> Self {
        match known {
            None => new,
            Some(known) if known.max(new).proves_arrival() => known.max(new),
            // Neither ever reached WhatsApp: of "not yet" and "refused", the refusal counts.
            Some(known) => known.min(new),
        }
    }
}

impl TryFrom<i64> for Ack {
    type Error = UnknownAck;

    fn try_from(level: i64) -> Result<Self, UnknownAck> {
        [
            Self::Error,
            Self::Pending,
            Self::Server,
            Self::Device,
            Self::Read,
            Self::Played,
        ]
        .into_iter()
        .find(|ack| ack.level() == level)
        .ok_or(UnknownAck(level))
    }
}

impl From<Ack> for i64 {
    fn from(ack: Ack) -> Self {
        ack.level()
    }
}
