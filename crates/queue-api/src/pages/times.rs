//! Moments as people say them, in the couple's zone.

use chrono::{Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::Timestamp;
use domain::config::Language;

const MONTHS_ITALIAN: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const MONTHS_ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS_ITALIAN: [&str; 7] = [
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
];
const DAYS_ENGLISH: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// `18:20` today, `giovedì 18:20` within six days of now, `12 giugno, 18:20` this year, else with the year.
pub(super) fn moment(at: Timestamp, now: Timestamp, zone: Tz, language: Language) -> String {
    let (at, now) = (at.with_timezone(&zone), now.with_timezone(&zone));
    let clock = at.format("%H:%M");
    let days = at.date_naive() - now.date_naive();
    if days == TimeDelta::zero() {
        return clock.to_string();
    }
    if days.abs() < TimeDelta::days(7) {
        return format!("{} {clock}", day_name(at.weekday(), language));
    }
    let month = month_name(at.month0(), language);
    if at.year() == now.year() {
        format!("{} {month}, {clock}", at.day())
    } else {
        format!("{} {month} {}, {clock}", at.day(), at.year())
    }
}

/// A day, without its year.
pub(super) fn day(date: NaiveDate, language: Language) -> String {
    let (name, month) = (
        day_name(date.weekday(), language),
        month_name(date.month0(), language),
    );
    format!("{name} {} {month}", date.day())
}

/// The day of the week.
pub(super) fn day_name(day: chrono::Weekday, language: Language) -> &'static str {
    let names = match language {
        Language::Italian => DAYS_ITALIAN,
        Language::English => DAYS_ENGLISH,
    };
    names[day.num_days_from_monday() as usize]
}

fn month_name(month0: u32, language: Language) -> &'static str {
    let names = match language {
        Language::Italian => MONTHS_ITALIAN,
        Language::English => MONTHS_ENGLISH,
    };
    names[(month0 % 12) as usize]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-06-01T16:20:00Z", Language::Italian, "18:20")]
    #[case("2026-06-04T16:20:00Z", Language::Italian, "giovedì 18:20")]
    #[case("2026-06-04T16:20:00Z", Language::English, "Thursday 18:20")]
    #[case("2026-05-30T22:30:00Z", Language::English, "Sunday 00:30")]
    #[case("2026-06-12T07:05:00Z", Language::Italian, "12 giugno, 09:05")]
    #[case("2027-01-12T08:05:00Z", Language::English, "12 January 2027, 09:05")]
    fn moments_in_rome(#[case] at: &str, #[case] language: Language, #[case] said: &str) {
        let now = "2026-06-01T10:00:00Z".parse().unwrap();
        let at = at.parse().unwrap();
        assert_eq!(moment(at, now, Tz::Europe__Rome, language), said);
    }
}
