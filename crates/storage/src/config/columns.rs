//! Between `GlobalConfig` and its columns. Every setting is named once: statement, arguments and reading follow from it.

use chrono::{NaiveDate, NaiveTime};
use domain::config::{GlobalConfig, Limits, Pacing};

use crate::{
    Error,
    db::{Row, Value, args},
};

/// The columns, in the order of [`values`].
macro_rules! names {
    () => {
        "groom_name, bride_name, time_zone, language, country, wedding_date, quiet_from, quiet_to,
         per_hour, per_day, replies_per_hour, replies_per_day, gap_min_secs, gap_max_secs, reply_gap_secs,
         cool_down_minutes, contact_per_hour, contact_replies_per_hour, unanswered, unanswered_replies,
         cold_after_days, cold_per_day, hand_typed_minutes, new_number_days, receipts_minutes, undelivered_hours, history_days,
         reading_min_ms, reading_max_ms, reply_reading_min_ms, reply_reading_max_ms, typing_ms_per_char,
         typing_cap_ms, typing_spread_percent, pause_min_ms, pause_max_ms"
    };
}
pub(super) use names;

/// The places of their values: $1 is the time of the change.
macro_rules! places {
    () => {
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
         $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37"
    };
}
pub(super) use places;

/// A number of minutes, messages or milliseconds. None of them comes near what would not fit.
fn number(number: u64) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The values of [`names`].
pub(super) fn values(config: &GlobalConfig) -> Vec<Value> {
    let mut values = args![
        &config.groom_name,
        &config.bride_name,
        config.time_zone.name(),
        config.language,
        config.country.code(),
        config.wedding_date.map(|day| day.to_string()),
        config.limits.quiet_from.format(CLOCK_TIME).to_string(),
        config.limits.quiet_to.format(CLOCK_TIME).to_string()
    ];
    values.extend(limits_values(&config.limits));
    values.extend(pacing_values(&config.pacing));
    values
}

/// A time of day as people write it, and as it is stored.
const CLOCK_TIME: &str = "%H:%M";

fn clock_time(row: &Row, column: &'static str) -> Result<NaiveTime, Error> {
    NaiveTime::parse_from_str(&row.text(column)?, CLOCK_TIME).map_err(|_| Error::Corrupt { column })
}

/// Reads a whole row of `global_config`.
pub(super) fn read(row: &Row) -> Result<GlobalConfig, Error> {
    Ok(GlobalConfig {
        groom_name: row.text("groom_name")?,
        bride_name: row.text("bride_name")?,
        time_zone: row.parsed("time_zone")?,
        language: row.parsed("language")?,
        country: row.made("country")?,
        wedding_date: row.opt_parsed::<NaiveDate>("wedding_date")?,
        limits: read_limits(row)?,
        pacing: read_pacing(row)?,
    })
}

macro_rules! limits {
    ($($column:ident)+) => {
        fn limits_values(limits: &Limits) -> Vec<Value> {
            vec![$(number(limits.$column.into()),)+]
        }

        fn read_limits(row: &Row) -> Result<Limits, Error> {
            Ok(Limits {
                $($column: row.count(stringify!($column))?,)+
                quiet_from: clock_time(row, "quiet_from")?,
                quiet_to: clock_time(row, "quiet_to")?,
            })
        }

        fn changed_limits(before: &Limits, after: &Limits) -> Vec<&'static str> {
            let changed = [
                $((stringify!($column), before.$column != after.$column),)+
                ("quiet_from", before.quiet_from != after.quiet_from),
                ("quiet_to", before.quiet_to != after.quiet_to),
            ];
            those(&changed)
        }
    };
}

limits! {
    per_hour per_day replies_per_hour replies_per_day
    gap_min_secs gap_max_secs reply_gap_secs cool_down_minutes
    contact_per_hour contact_replies_per_hour unanswered unanswered_replies
    cold_after_days cold_per_day hand_typed_minutes new_number_days receipts_minutes undelivered_hours
    history_days
}

macro_rules! pacing {
    ($($column:ident)+) => {
        fn pacing_values(pacing: &Pacing) -> Vec<Value> {
            vec![$(number(pacing.$column),)+]
        }

        fn read_pacing(row: &Row) -> Result<Pacing, Error> {
            Ok(Pacing { $($column: row.count(stringify!($column))?.into(),)+ })
        }

        fn changed_pacing(before: &Pacing, after: &Pacing) -> Vec<&'static str> {
            those(&[$((stringify!($column), before.$column != after.$column),)+])
        }
    };
}

pacing! {
    reading_min_ms reading_max_ms reply_reading_min_ms reply_reading_max_ms
    typing_ms_per_char typing_cap_ms typing_spread_percent pause_min_ms pause_max_ms
}

/// The names of the settings that differ: the audit log shows what was touched, not to what.
pub(super) fn changed(before: &GlobalConfig, after: &GlobalConfig) -> String {
    let mut names = those(&[
        ("groom_name", before.groom_name != after.groom_name),
        ("bride_name", before.bride_name != after.bride_name),
        ("time_zone", before.time_zone != after.time_zone),
        ("language", before.language != after.language),
        ("country", before.country != after.country),
        ("wedding_date", before.wedding_date != after.wedding_date),
    ]);
    names.extend(changed_limits(&before.limits, &after.limits));
    names.extend(changed_pacing(&before.pacing, &after.pacing));
    names.join(", ")
}

fn those(changed: &[(&'static str, bool)]) -> Vec<&'static str> {
    let is = |&(name, is): &(&'static str, bool)| is.then_some(name);
    changed.iter().filter_map(is).collect()
}
