//! Every setting: where it stands on the page, its unit, and where its default comes from (design §6).

use super::catalogue::Source::{Judged, Reported, Specified};
use super::catalogue::Unit::{
    Days, Hours, Messages, Milliseconds, Minutes, People, Percent, Seconds,
};

/// Where a default comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The owner's document says so: 10 an hour as an example, the cool-down as such, reading, and typing for each character.
    Specified,
    /// Users of such tools tell of it.
    Reported,
    /// We think so.
    Judged,
}

impl Source {
    /// The end of its text's key, and as the documentation of the setting says it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Specified => "specified",
            Self::Reported => "reported",
            Self::Judged => "judged",
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Messages,
    People,
    Days,
    Hours,
    Minutes,
    Seconds,
    /// Shown and written in seconds.
    Milliseconds,
    Percent,
}

impl Unit {
    /// The end of its text's key.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Messages => "messages",
            People => "people",
            Days => "days",
            Hours => "hours",
            Minutes => "minutes",
            Seconds | Milliseconds => "seconds",
            Percent => "percent",
        }
    }
}

/// What is written into a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Zone,
    Language,
    Country,
    Day,
    Clock,
    Number(Unit),
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// Its name, also in the form and in the keys of its texts.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Where its default comes from; what belongs to the couple has none.
    pub(super) source: Option<Source>,
}

/// Settings that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The end of its text's key.
    pub(super) name: &'static str,
    pub(super) settings: &'static [Setting],
}

const fn own(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        source: None,
    }
}

const fn number(name: &'static str, unit: Unit, source: Source) -> Setting {
    Setting {
        name,
        kind: Kind::Number(unit),
        source: Some(source),
    }
}

const fn clock(name: &'static str) -> Setting {
    Setting {
        name,
        kind: Kind::Clock,
        source: Some(Judged),
    }
}

/// All of them.
pub(super) const GROUPS: [Group; 7] = [
    Group {
        name: "wedding",
        settings: &[
            own("bride_name", Kind::Name),
            own("groom_name", Kind::Name),
            own("wedding_date", Kind::Day),
            own("language", Kind::Language),
            own("time_zone", Kind::Zone),
            own("country", Kind::Country),
        ],
    },
    Group {
        name: "amount",
        settings: &[
            number("per_hour", Messages, Specified),
            number("per_day", Messages, Judged),
            number("replies_per_hour", Messages, Judged),
            number("replies_per_day", Messages, Judged),
            number("new_number_days", Days, Judged),
        ],
    },
    Group {
        name: "when",
        settings: &[
            clock("quiet_from"),
            clock("quiet_to"),
            number("gap_min_secs", Seconds, Judged),
            number("gap_max_secs", Seconds, Judged),
            number("reply_gap_secs", Seconds, Judged),
        ],
    },
    Group {
        name: "person",
        settings: &[
            number("cool_down_minutes", Minutes, Judged),
            number("contact_per_hour", Messages, Reported),
            number("contact_replies_per_hour", Messages, Judged),
            number("unanswered", Messages, Judged),
            number("unanswered_replies", Messages, Judged),
            number("cold_after_days", Days, Reported),
            number("cold_per_day", People, Judged),
            number("hand_typed_minutes", Minutes, Judged),
        ],
    },
    Group {
        name: "pace",
        settings: &[
            number("reading_min_ms", Milliseconds, Specified),
            number("reading_max_ms", Milliseconds, Specified),
            number("reply_reading_min_ms", Milliseconds, Judged),
            number("reply_reading_max_ms", Milliseconds, Judged),
            number("typing_ms_per_char", Milliseconds, Specified),
            number("typing_cap_ms", Milliseconds, Judged),
            number("typing_spread_percent", Percent, Judged),
            number("pause_min_ms", Milliseconds, Judged),
            number("pause_max_ms", Milliseconds, Judged),
        ],
    },
    Group {
        name: "watch",
        settings: &[
            number("receipts_minutes", Minutes, Judged),
            number("undelivered_hours", Hours, Judged),
        ],
    },
    Group {
        name: "history",
        settings: &[number("history_days", Days, Judged)],
    },
];

/// Every setting, in the order of the page.
pub(super) fn settings() -> impl Iterator<Item = Setting> {
    GROUPS.iter().flat_map(|group| group.settings).copied()
}

#[cfg(test)]
#[path = "../../../tests/unit/settings_catalogue.rs"]
mod tests;
