//! `global_config`: what the couple can set, validated as a whole, with the ranges and defaults of design §6.

mod limits;
mod pace_profile;
mod pacing;

pub use limits::Limits;
pub use pace_profile::PaceProfile;
pub use pacing::Pacing;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    object::object,
    phone_number::Country,
    quiet_hours::{QuietHours, day_is_over},
};

text_enum! {
    /// A language of the page.
    pub enum Language("language") {
        /// Italian.
        Italian = "it",
        /// English.
        English = "en",
    }
}

/// Everything that `global_config` holds, but its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalConfig {
    /// The groom's first name, for people. Empty until somebody writes it.
    #[serde(default)]
    pub groom_name: String,
    /// The bride's first name, for people. Empty until somebody writes it.
    #[serde(default)]
    pub bride_name: String,
    /// The couple's zone: quiet hours and times shown are in it.
    #[serde(default = "default_zone")]
    pub time_zone: Tz,
    /// The default language of the page and of the invitation.
    #[serde(default = "default_language")]
    pub language: Language,
    /// The country of numbers written without a prefix.
    #[serde(default = "default_country")]
    pub country: Country,
    /// The day of the wedding: proposed as the end of broadcasts.
    #[serde(default)]
    pub wedding_date: Option<NaiveDate>,
    /// When and how many.
    #[serde(default, deserialize_with = "object")]
    pub limits: Limits,
    /// How long things take.
    #[serde(default, deserialize_with = "object")]
    pub pacing: Pacing,
}

/// One setting that is out of its range, and the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    /// The field, such as `limits.per_hour`.
    pub field: &'static str,
    /// A sentence that says what would be accepted.
    pub message: String,
}

/// How long news is news while nobody has said when the wedding is, or after it.
const NEWS: std::time::Duration = std::time::Duration::from_hours(14 * 24);

const fn default_zone() -> Tz {
    Tz::Europe__Rome
}

const fn default_language() -> Language {
    Language::Italian
}

fn default_country() -> Country {
    Country::ITALY
}

impl Default for GlobalConfig {
    fn default() -> Self {
        Self {
            groom_name: String::new(),
            bride_name: String::new(),
            time_zone: default_zone(),
            language: default_language(),
            country: default_country(),
            wedding_date: None,
            limits: Limits::default(),
            pacing: Pacing::default(),
        }
    }
}

impl GlobalConfig {
    /// Every setting that is out of range; empty when all is well.
    pub fn problems(&self) -> Vec<BadSetting> {
        let mut found = self.limits.problems();
        found.extend(self.pacing.problems());
        for (field, name) in [
            ("groom_name", &self.groom_name),
            ("bride_name", &self.bride_name),
        ] {
            if name.chars().count() > 80 || name.contains('\0') {
                found.push(BadSetting {
                    field,
                    message: "at most 80 characters".to_owned(),
                });
            }
        }
        let is_far = |day: NaiveDate| !(2000..2100).contains(&day.year());
        if self.wedding_date.is_some_and(is_far) {
            found.push(BadSetting {
                field: "wedding_date",
                message: "a day of this century".to_owned(),
            });
        }
        found
    }

    /// The last moment that is proposed for a broadcast: the end of the wedding day, else 14 days from now (design §6).
    pub fn news_until(&self, now: Timestamp) -> Timestamp {
        let wedding = self.wedding_is_over();
        wedding.filter(|over| *over > now).unwrap_or(now + NEWS)
    }

    /// When the wedding day ends in the couple's zone; `None`: its date is not known.
    pub fn wedding_is_over(&self) -> Option<Timestamp> {
        let day = self.wedding_date?;
        Some(day_is_over(self.time_zone, day))
    }

    /// The night in the couple's zone.
    pub fn quiet_hours(&self) -> QuietHours {
        QuietHours {
            zone: self.time_zone,
            from: self.limits.quiet_from,
            to: self.limits.quiet_to,
        }
    }
}
