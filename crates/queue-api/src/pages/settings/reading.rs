//! Between the settings and a form: every value as somebody reads and writes it, and everything that is wrong at once.
//!
//! The rule that must hold: what is accepted here is what `domain` finds no problem with; no range stands here.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use domain::config::{BadSetting, GlobalConfig, Language};
use domain::phone_number::Country;
use serde_json::{Value, json};

use super::catalogue::{Kind, Setting, Unit, settings};

/// Values by the names of their settings, as they stand in a form.
pub(super) type Written = BTreeMap<String, String>;

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Not a number of its range.
    Number,
    /// The shortest is longer than the longest.
    Order,
    TooLong,
    Zone,
    Language,
    Country,
    Day,
    Clock,
}

/// Mistakes by the names of their settings.
pub(super) type Mistakes = BTreeMap<&'static str, Mistake>;

/// The settings, as somebody reads them.
pub(super) fn written(config: &GlobalConfig) -> Written {
    let tree = serde_json::to_value(config).unwrap_or_default();
    settings()
        .map(|setting| {
            let value = place(&tree, setting.name).cloned().unwrap_or_default();
            (setting.name.to_owned(), text_of(&value, setting.kind))
        })
        .collect()
}

fn text_of(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Number(n), Kind::Number(unit)) => number_text(n.as_u64().unwrap_or_default(), unit),
        (Value::String(text), _) => text.clone(),
        _ => String::new(),
    }
}

/// A number in its unit as people write it: `0.3` for 300 milliseconds.
pub(super) fn number_text(number: u64, unit: Unit) -> String {
    if unit != Unit::Milliseconds {
        return number.to_string();
    }
    let text = format!("{}.{:03}", number / 1000, number % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The settings that a form asks for, or everything that is wrong with it.
pub(super) fn read(form: &Written) -> Result<GlobalConfig, Mistakes> {
    let mut tree = serde_json::to_value(GlobalConfig::default()).unwrap_or_default();
    let mut mistakes = Mistakes::new();
    for setting in settings() {
        let text = form.get(setting.name).map_or("", |text| text.trim());
        match value_of(text, setting.kind) {
            Ok(value) => {
                if let Some(place) = place_mut(&mut tree, setting.name) {
                    *place = value;
                }
            }
            Err(mistake) => {
                mistakes.insert(setting.name, mistake);
            }
        }
    }
    // where one cannot be read stands its default, so that the others are checked all the same
    let Ok(config) = serde_json::from_value::<GlobalConfig>(tree) else {
        return Err(mistakes);
    };
    for bad in config.problems() {
        if let Some((name, mistake)) = understood(&bad, form) {
            mistakes.entry(name).or_insert(mistake);
        }
    }
    if mistakes.is_empty() {
        Ok(config)
    } else {
        Err(mistakes)
    }
}

fn value_of(text: &str, kind: Kind) -> Result<Value, Mistake> {
    match kind {
        Kind::Name => Ok(json!(text)),
        Kind::Zone => {
            let zone: Tz = text.parse().map_err(|_| Mistake::Zone)?;
            Ok(json!(zone.name()))
        }
        Kind::Language => {
            let language: Language = text.parse().map_err(|_| Mistake::Language)?;
            Ok(json!(language))
        }
        Kind::Country => {
            let country = Country::parse(text).map_err(|_| Mistake::Country)?;
            Ok(json!(country.code()))
        }
        Kind::Day if text.is_empty() => Ok(Value::Null),
        Kind::Day => {
            let day: NaiveDate = text.parse().map_err(|_| Mistake::Day)?;
            Ok(json!(day))
        }
        Kind::Clock => clock(text).map(|time| json!(time)).ok_or(Mistake::Clock),
        Kind::Number(unit) => number(text, unit).map(|n| json!(n)).ok_or(Mistake::Number),
    }
}

/// `21:00`; some browsers add the seconds.
fn clock(text: &str) -> Option<String> {
    let text = text
        .strip_suffix(":00")
        .filter(|rest| rest.contains(':'))
        .unwrap_or(text);
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    Some(time.format("%H:%M").to_string())
}

/// A whole number, or seconds with at most three decimals after a point or a comma.
fn number(text: &str, unit: Unit) -> Option<u32> {
    if unit != Unit::Milliseconds {
        return text.parse().ok();
    }
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u32 = format!("{decimals:0<3}").parse().ok().filter(|_| digits)?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(1000)?
        .checked_add(thousandths)
}

/// A problem that `domain` names, as a mistake at its field.
fn understood(bad: &BadSetting, form: &Written) -> Option<(&'static str, Mistake)> {
    let name = bad.field.rsplit('.').next()?;
    let setting = settings().find(|setting| setting.name == name)?;
    let mistake = match setting.kind {
        Kind::Name => Mistake::TooLong,
        Kind::Number(unit) if is_in_range(setting, unit, form) => Mistake::Order,
        _ => Mistake::Number,
    };
    Some((setting.name, mistake))
}

/// Whether nothing is wrong with a number but its partner.
fn is_in_range(setting: Setting, unit: Unit, form: &Written) -> bool {
    let text = form.get(setting.name).map_or("", |text| text.trim());
    let value = number(text, unit).map(u64::from);
    match (value, range(setting)) {
        (Some(value), Some(range)) => (range.from..=range.to).contains(&value),
        _ => false,
    }
}

fn place<'a>(tree: &'a Value, name: &str) -> Option<&'a Value> {
    [tree, &tree["limits"], &tree["pacing"]]
        .into_iter()
        .find_map(|part| part.get(name))
}

fn place_mut<'a>(tree: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let part = ["limits", "pacing"]
        .into_iter()
        .find(|part| tree[*part].get(name).is_some());
    match part {
        Some(part) => tree[part].get_mut(name),
        None => tree.get_mut(name),
    }
}

/// The range of a number.
pub(super) struct Range {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// The range of that setting, when it is a number.
pub(super) fn range(setting: Setting) -> Option<Range> {
    let usual = GlobalConfig::default();
    let limits = usual.limits.ranges().into_iter();
    let limits = limits.map(|(field, _, range)| {
        let (from, to) = (u64::from(*range.start()), u64::from(*range.end()));
        (field, Range { from, to })
    });
    let pacing = usual.pacing.ranges().into_iter();
    let pacing = pacing.map(|(field, _, range)| {
        let (from, to) = (*range.start(), *range.end());
        (field, Range { from, to })
    });
    let is = |field: &str| field.rsplit('.').next() == Some(setting.name);
    let mut all = limits.chain(pacing);
    all.find(|(field, _)| is(field)).map(|(_, range)| range)
}

#[cfg(test)]
#[path = "../../../tests/unit/settings_reading.rs"]
mod tests;
