//! A setting as it stands on the page: its value, its unit, its range and default, what changing it risks, what is wrong.

use chrono_tz::Tz;
use domain::config::GlobalConfig;

use super::catalogue::{GROUPS, Kind, Setting};
use super::reading::{Mistake, Mistakes, Written, number_text, range, written};
use crate::pages::frame::Frame;

/// How it is written into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Text,
    Zone,
    Language,
    Day,
    Clock,
    Number {
        from: String,
        to: String,
        step: &'static str,
    },
}

/// A field of the form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) input: Input,
    pub(super) value: String,
    pub(super) unit: Option<String>,
    /// Its range, its default and where that comes from.
    pub(super) hint: Option<String>,
    /// What changing it does, and what that risks.
    pub(super) risk: String,
    /// It is not at its default.
    pub(super) changed: bool,
    pub(super) wrong: Option<String>,
    /// What it is now, when somebody else changed it meanwhile.
    pub(super) now: Option<String>,
}

/// Fields that belong together.
pub(super) struct Fieldset {
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) members: Vec<Field>,
    /// Shown at once: the first, and those with something wrong.
    pub(super) open: bool,
    /// How many are not at their default.
    pub(super) changed: Option<String>,
}

/// What a form is shown with.
#[derive(Default)]
pub(super) struct Shown {
    /// The values in it.
    pub(super) values: Written,
    pub(super) mistakes: Mistakes,
    /// What the settings are now, when they were changed meanwhile.
    pub(super) now: Option<Written>,
}

/// All of them.
pub(super) fn groups(f: &Frame, shown: &Shown) -> Vec<Fieldset> {
    let usual = written(&GlobalConfig::default());
    GROUPS
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let settings = group.settings.iter();
            let fields: Vec<_> = settings.map(|one| field(f, *one, shown, &usual)).collect();
            let changed = fields.iter().filter(|field| field.changed).count();
            Fieldset {
                title: f.t(&format!("settings-group-{}", group.name)),
                hint: f.t(&format!("settings-group-{}-hint", group.name)),
                open: at == 0 || fields.iter().any(Field::asks),
                changed: (changed > 0)
                    .then(|| f.with("settings-changed", &[("n", changed.into())])),
                members: fields,
            }
        })
        .collect()
}

impl Field {
    const fn asks(&self) -> bool {
        self.wrong.is_some() || self.now.is_some()
    }
}

fn field(f: &Frame, setting: Setting, shown: &Shown, usual: &Written) -> Field {
    let name = setting.name;
    let value = shown.values.get(name).cloned().unwrap_or_default();
    let now = shown.now.as_ref().and_then(|now| now.get(name));
    let now = now.filter(|now| **now != value);
    let wrong = shown.mistakes.get(name);
    Field {
        name,
        label: f.t(&format!("settings-name-{name}")),
        input: input(setting),
        unit: match setting.kind {
            Kind::Number(unit) => Some(f.t(&format!("settings-unit-{}", unit.as_str()))),
            _ => None,
        },
        hint: hint(f, setting, usual),
        risk: f.t(&format!("settings-risk-{name}")),
        changed: setting.source.is_some() && usual.get(name) != Some(&value),
        wrong: wrong.map(|mistake| sentence(f, setting, *mistake)),
        now: now.map(|now| f.with("settings-now", &[("value", now.as_str().into())])),
        value,
    }
}

fn input(setting: Setting) -> Input {
    match setting.kind {
        Kind::Name | Kind::Country => Input::Text,
        Kind::Zone => Input::Zone,
        Kind::Language => Input::Language,
        Kind::Day => Input::Day,
        Kind::Clock => Input::Clock,
        Kind::Number(unit) => {
            let (from, to) = limits(setting);
            let step = if number_text(1, unit) == "1" {
                "1"
            } else {
                "any"
            };
            Input::Number { from, to, step }
        }
    }
}

/// The range of a number, in its unit.
fn limits(setting: Setting) -> (String, String) {
    match (setting.kind, range(setting)) {
        (Kind::Number(unit), Some(range)) => {
            (number_text(range.from, unit), number_text(range.to, unit))
        }
        _ => (String::new(), String::new()),
    }
}

fn hint(f: &Frame, setting: Setting, usual: &Written) -> Option<String> {
    let source = f.t(&format!("settings-source-{}", setting.source?.as_str()));
    let usual = usual.get(setting.name).map_or("", String::as_str);
    let mut args = vec![("usual", usual.into()), ("source", source.as_str().into())];
    if !matches!(setting.kind, Kind::Number(_)) {
        return Some(f.with("settings-hint", &args));
    }
    let (from, to) = limits(setting);
    args.push(("from", from.as_str().into()));
    args.push(("to", to.as_str().into()));
    Some(f.with("settings-hint-number", &args))
}

fn sentence(f: &Frame, setting: Setting, mistake: Mistake) -> String {
    match mistake {
        Mistake::Number => {
            let (from, to) = limits(setting);
            let args = [("from", from.as_str().into()), ("to", to.as_str().into())];
            f.with("settings-bad-number", &args)
        }
        Mistake::Order => f.t("settings-bad-order"),
        Mistake::TooLong => f.t("settings-bad-name"),
        Mistake::Zone => f.t("settings-bad-zone"),
        Mistake::Language => f.t("settings-bad-language"),
        Mistake::Country => f.t("settings-bad-country"),
        Mistake::Day => f.t("settings-bad-day"),
        Mistake::Clock => f.t("settings-bad-clock"),
    }
}

/// Zones to choose from while writing; any other is taken, too.
pub(super) fn zones() -> Vec<&'static str> {
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone: &Tz| zone.name());
    names.filter(|name| name.starts_with("Europe/")).collect()
}
