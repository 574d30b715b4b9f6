//! How long a person takes (design §6, pacing). All in milliseconds unless the name says otherwise.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::BadSetting;

macro_rules! pacing {
    ($($(#[$doc:meta])* $field:ident: $default:literal in $range:expr;)+) => {
        /// The pace a couple can set; defaults as in design §6.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Pacing {
            $($(#[$doc])* pub $field: u64,)+
        }

        impl Default for Pacing {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Pacing {
            /// The range of each number: field name, value, range.
            pub fn ranges(&self) -> Vec<(&'static str, u64, RangeInclusive<u64>)> {
                vec![$((concat!("pacing.", stringify!($field)), self.$field, $range),)+]
            }
        }
    };
}

pacing! {
    /// Shortest reading before an automatic message (specified: 2 s).
    reading_min_ms: 2_000 in 0..=60_000;
    /// Longest reading before an automatic message (specified: 5 s).
    reading_max_ms: 5_000 in 0..=60_000;
    /// Shortest reading before a reply (judged).
    reply_reading_min_ms: 1_000 in 0..=60_000;
    /// Longest reading before a reply (judged).
    reply_reading_max_ms: 3_000 in 0..=60_000;
    /// Typing, for each character (specified: 0.3 s).
    typing_ms_per_char: 300 in 0..=2_000;
    /// Typing never takes longer than this, before the spread (judged).
    typing_cap_ms: 60_000 in 1_000..=300_000;
    /// Typing varies by so many percent both ways (judged).
    typing_spread_percent: 20 in 0..=50;
    /// Shortest pause before sending (judged).
    pause_min_ms: 500 in 0..=30_000;
    /// Longest pause before sending (judged).
    pause_max_ms: 2_000 in 0..=30_000;
}

impl Pacing {
    pub(super) fn problems(&self) -> Vec<BadSetting> {
        let mut found: Vec<_> = self
            .ranges()
            .into_iter()
            .filter(|(_, value, range)| !range.contains(value))
            .map(|(field, value, range)| BadSetting {
                field,
                message: format!("{value} is outside {} to {}", range.start(), range.end()),
            })
            .collect();
        let pairs = [
            (
                "pacing.reading_min_ms",
                self.reading_min_ms,
                self.reading_max_ms,
            ),
            (
                "pacing.reply_reading_min_ms",
                self.reply_reading_min_ms,
                self.reply_reading_max_ms,
            ),
            ("pacing.pause_min_ms", self.pause_min_ms, self.pause_max_ms),
        ];
        found.extend(
            pairs
                .into_iter()
                .filter(|(_, min, max)| min > max)
                .map(|(field, ..)| BadSetting {
                    field,
                    message: "the shortest must not be more than the longest".to_owned(),
                }),
        );
        found
    }

    /// The same pace, so many times faster. For simulated runs only.
    #[must_use]
    pub fn faster(&self, times: u64) -> Self {
        Self {
            reading_min_ms: self.reading_min_ms / times,
            reading_max_ms: self.reading_max_ms / times,
            reply_reading_min_ms: self.reply_reading_min_ms / times,
            reply_reading_max_ms: self.reply_reading_max_ms / times,
            typing_ms_per_char: self.typing_ms_per_char / times,
            typing_cap_ms: self.typing_cap_ms / times,
            typing_spread_percent: self.typing_spread_percent,
            pause_min_ms: self.pause_min_ms / times,
            pause_max_ms: self.pause_max_ms / times,
        }
    }
}
