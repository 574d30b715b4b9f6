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
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let mut config = GlobalConfig::default();
        assert_eq!(read(&written(&config)), Ok(config.clone()));
        config.bride_name = "Zoë <3".to_owned();
        config.wedding_date = "2027-06-12".parse().ok();
        config.time_zone = Tz::America__Argentina__Buenos_Aires;
        config.country = Country::parse("AR").unwrap();
        config.limits.per_hour = 7;
        config.pacing.typing_ms_per_char = 255;
        assert_eq!(read(&written(&config)), Ok(config));
    }

    #[rstest]
    #[case(300, "0.3")]
    #[case(2000, "2")]
    #[case(60_000, "60")]
    #[case(0, "0")]
    #[case(1255, "1.255")]
    fn milliseconds_are_seconds_for_people(#[case] value: u64, #[case] text: &str) {
        assert_eq!(number_text(value, Unit::Milliseconds), text);
        assert_eq!(number(text, Unit::Milliseconds).map(u64::from), Some(value));
        assert_eq!(
            number(&text.replace('.', ","), Unit::Milliseconds).map(u64::from),
            Some(value)
        );
    }

    #[rstest]
    #[case("per_hour", "0", Mistake::Number)]
    #[case("per_hour", "31", Mistake::Number)]
    #[case("per_hour", "ten", Mistake::Number)]
    #[case("per_hour", "-1", Mistake::Number)]
    #[case("per_hour", "99999999999", Mistake::Number)]
    #[case("gap_min_secs", "181", Mistake::Order)]
    #[case("pause_min_ms", "2.001", Mistake::Order)]
    #[case("pause_min_ms", "0.0001", Mistake::Number)]
    #[case("pause_min_ms", "4294967296", Mistake::Number)]
    #[case("time_zone", "Rome", Mistake::Zone)]
    #[case("country", "Italia", Mistake::Country)]
    #[case("language", "de", Mistake::Language)]
    #[case("wedding_date", "12/6/2027", Mistake::Day)]
    #[case("quiet_from", "25:00", Mistake::Clock)]
    fn every_mistake_is_found(#[case] name: &str, #[case] text: &str, #[case] mistake: Mistake) {
        let mut form = written(&GlobalConfig::default());
        form.insert(name.to_owned(), text.to_owned());
        let found = read(&form).unwrap_err();
        assert_eq!(found.into_iter().collect::<Vec<_>>().len(), 1);
        assert_eq!(read(&form).unwrap_err().get(name), Some(&mistake));
    }

    #[test]
    fn all_mistakes_are_found_at_once() {
        let mut form = written(&GlobalConfig::default());
        for (name, text) in [("per_day", "500"), ("country", "??"), ("bride_name", "é")] {
            form.insert(name.to_owned(), text.to_owned());
        }
        form.insert("groom_name".to_owned(), "x".repeat(81));
        let found = read(&form).unwrap_err();
        let expected = [
            ("country", Mistake::Country),
            ("groom_name", Mistake::TooLong),
            ("per_day", Mistake::Number),
        ];
        assert_eq!(found, expected.into_iter().collect());
    }

    #[test]
    fn a_clock_may_come_with_its_seconds() {
        assert_eq!(clock("21:00").as_deref(), Some("21:00"));
        assert_eq!(clock("21:00:00").as_deref(), Some("21:00"));
        assert_eq!(clock("9:05").as_deref(), Some("09:05"));
        assert_eq!(clock("21"), None);
    }
}
