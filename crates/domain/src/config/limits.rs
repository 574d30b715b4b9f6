//! When a message may go and how many (design §6). Times are in the unit their name says.

use std::ops::RangeInclusive;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::BadSetting;

macro_rules! limits {
    ($($(#[$doc:meta])* $field:ident: $default:literal in $range:expr;)+) => {
        /// The limits a couple can set. Each default says where it comes from: *specified* by the owner,
        /// *reported* by users of such tools, or *judged* by us. The owner's document gives few numbers.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Limits {
            $($(#[$doc])* pub $field: u32,)+
            /// Begin of the quiet hours, local time (judged).
            #[serde(with = "clock_time")]
            pub quiet_from: NaiveTime,
            /// End of the quiet hours, local time (judged).
            #[serde(with = "clock_time")]
            pub quiet_to: NaiveTime,
        }

        impl Default for Limits {
            fn default() -> Self {
                Self {
                    $($field: $default,)+
                    quiet_from: NaiveTime::from_hms_opt(21, 0, 0).unwrap_or_default(),
                    quiet_to: NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default(),
                }
            }
        }

        impl Limits {
            /// The range of each number: field name, value, range.
            pub fn ranges(&self) -> Vec<(&'static str, u32, RangeInclusive<u32>)> {
                vec![$((concat!("limits.", stringify!($field)), self.$field, $range),)+]
            }
        }
    };
}

limits! {
    /// Automatic messages an hour, rolling (specified: 10 as an example, soft).
    per_hour: 10 in 1..=30;
    /// Automatic messages a day, rolling (judged).
    per_day: 60 in 1..=150;
    /// Replies an hour, rolling (judged).
    replies_per_hour: 30 in 1..=30;
    /// Replies a day, rolling (judged).
    replies_per_day: 120 in 1..=150;
    /// Shortest pause after a send, seconds (judged).
    gap_min_secs: 60 in 20..=3600;
    /// Longest pause after a send, seconds (judged).
    gap_max_secs: 180 in 20..=7200;
    /// Pause between two replies, seconds (judged).
    reply_gap_secs: 3 in 1..=3600;
    /// Between two automatic messages to one contact, minutes (judged, hard; specified is only that there is such a pause).
    cool_down_minutes: 60 in 10..=10_080;
    /// Messages to one contact in an hour (reported: WAHA's guide).
    contact_per_hour: 4 in 1..=12;
    /// Replies to one contact in an hour (judged).
    contact_replies_per_hour: 12 in 1..=30;
    /// Automatic messages in a row that one contact did not answer, within 14 days (judged).
    unanswered: 2 in 1..=5;
    /// Replies in a row that one contact did not answer, within 14 days (judged).
    unanswered_replies: 4 in 1..=5;
    /// A contact whose last message is older is cold, days (reported: the token that WhatsApp keeps for a chat lives 28 to 182 days).
    cold_after_days: 60 in 1..=365;
    /// Cold contacts written to in a day (judged).
    cold_per_day: 10 in 0..=50;
    /// After a spouse typed to a contact by hand, minutes without automatic messages to them (judged).
    hand_typed_minutes: 30 in 0..=1440;
    /// A number is new for so many days: half the hour and the day (judged).
    new_number_days: 7 in 0..=60;
    /// A connected session's sends without any receipt for so long raise a warning, minutes (judged: the chats are read every
    /// 5 minutes, so two readings have found none).
    receipts_minutes: 10 in 2..=1440;
    /// A guest whose message is undelivered for so long, while others get theirs, is a warning, hours (judged: a phone that is off over
    /// night is none).
    undelivered_hours: 24 in 1..=336;
    /// The steps of a message that has ended, and the audit log, are kept for so many days (judged: from the first invitation until
    /// after the wedding).
    history_days: 365 in 90..=3650;
}

impl Limits {
    pub(super) fn problems(&self) -> Vec<BadSetting> {
        let out_of_range = self
            .ranges()
            .into_iter()
            .filter(|(_, value, range)| !range.contains(value));
        let mut found: Vec<_> = out_of_range
            .map(|(field, value, range)| BadSetting {
                field,
                message: format!("{value} is outside {} to {}", range.start(), range.end()),
            })
            .collect();
        if self.gap_min_secs > self.gap_max_secs {
            found.push(BadSetting {
                field: "limits.gap_min_secs",
                message: "must not be more than limits.gap_max_secs".to_owned(),
            });
        }
        found
    }
}

/// `HH:MM`, as people write a time of day.
mod clock_time {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature serde asks for"
    )]
    pub(super) fn serialize<S: Serializer>(
        time: &NaiveTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time.format("%H:%M").to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = NaiveTime::parse_from_str(&text, "%H:%M").ok();
        // chrono also reads "9:5" and white space
        read.filter(|time| time.format("%H:%M").to_string() == text)
            .ok_or_else(|| D::Error::custom("a time of day is HH:MM, such as 21:00"))
    }
}
