//! How long a person would read, type and pause before a message (design §6, pacing).

use std::time::Duration;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::{config::Pacing, lane::ReleaseLane, message_text::MessageText};

/// The lengths of one composition's steps, in milliseconds, drawn once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Reading the guest's message before typing.
    pub reading_ms: u64,
    /// Typing, with the dots shown.
    pub typing_ms: u64,
    /// The pause between the last key and the send button.
    pub pause_ms: u64,
}

impl Plan {
    /// Draws the steps for one text.
    pub fn draw(
        text: &MessageText,
        lane: ReleaseLane,
        pacing: &Pacing,
        dice: &mut impl Rng,
    ) -> Self {
        Self::draw_for(text.chars(), lane, pacing, dice)
    }

    /// Draws the steps for a text of so many characters.
    pub fn draw_for(chars: usize, lane: ReleaseLane, pacing: &Pacing, dice: &mut impl Rng) -> Self {
        let (shortest, longest) = match lane {
            ReleaseLane::Automatic => (pacing.reading_min_ms, pacing.reading_max_ms),
            ReleaseLane::Reply => (pacing.reply_reading_min_ms, pacing.reply_reading_max_ms),
        };
        let chars = u64::try_from(chars).unwrap_or(u64::MAX);
        // Capped first, varied after: otherwise every long text would take exactly the cap.
        let typing = chars
            .saturating_mul(pacing.typing_ms_per_char)
            .min(pacing.typing_cap_ms);
        let spread = typing * pacing.typing_spread_percent / 100;
        Self {
            reading_ms: dice.random_range(shortest..=longest),
            typing_ms: dice.random_range(typing - spread..=typing + spread),
            pause_ms: dice.random_range(pacing.pause_min_ms..=pacing.pause_max_ms),
        }
    }

    /// The same plan with reading in place of typing, for a guest who has seen enough dots without a message.
    #[must_use]
    pub const fn without_typing(self) -> Self {
        Self {
            reading_ms: self.reading_ms + self.typing_ms,
            typing_ms: 0,
            ..self
        }
    }

    /// The whole length: from the first visible act to the commit.
    pub const fn total(&self) -> Duration {
        Duration::from_millis(self.reading_ms + self.typing_ms + self.pause_ms)
    }
}
