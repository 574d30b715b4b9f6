//! Moments in a form: `datetime-local` fields, in the couple's zone.

use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use domain::Timestamp;

/// As a field of a form holds it.
pub(super) fn shown(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// What such a field says; `None`: it is no moment. One that the clock skips in spring is the moment after the jump, one that
/// comes twice in autumn is the first.
pub(super) fn read(text: &str, zone: Tz) -> Option<Timestamp> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let at = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())?;
    let at = match zone.from_local_datetime(&at) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
        LocalResult::None => zone
            .from_local_datetime(&at.checked_add_signed(TimeDelta::hours(1))?)
            .earliest()?,
    };
    Some(at.to_utc())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-06-01T18:30", Some("2026-06-01T16:30:00Z"))]
    #[case("2026-12-01T18:30", Some("2026-12-01T17:30:00Z"))]
    #[case("2026-10-25T02:30", Some("2026-10-25T00:30:00Z"))]
    #[case("2026-03-29T02:30", Some("2026-03-29T01:30:00Z"))]
    #[case("tomorrow", None)]
    #[case("", None)]
    fn a_field_is_read_in_rome(#[case] text: &str, #[case] at: Option<&str>) {
        let at = at.map(|at| at.parse::<Timestamp>().unwrap());
        assert_eq!(read(text, Tz::Europe__Rome), at);
    }

    #[test]
    fn what_is_shown_is_read_back() {
        let at = "2026-06-01T16:30:00Z".parse().unwrap();
        assert_eq!(
            read(&shown(at, Tz::Europe__Rome), Tz::Europe__Rome),
            Some(at)
        );
    }
}
