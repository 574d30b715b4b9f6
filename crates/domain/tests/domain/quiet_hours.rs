//! The night in Rome, over both changes of the clock.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::quiet_hours::QuietHours;
use proptest::prelude::*;
use rstest::rstest;

fn night(from: &str, to: &str) -> QuietHours {
    let time = |text| NaiveTime::parse_from_str(text, "%H:%M").expect("a time of day");
    QuietHours {
        zone: Tz::Europe__Rome,
        from: time(from),
        to: time(to),
    }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

#[rstest]
// winter: Rome is UTC+1
#[case("2026-11-23T02:00:00Z", Some("2026-11-23T08:00:00Z"))]
#[case("2026-11-23T07:59:59Z", Some("2026-11-23T08:00:00Z"))]
#[case("2026-11-23T08:00:00Z", None)]
#[case("2026-11-23T19:59:59Z", None)]
#[case("2026-11-23T20:00:00Z", Some("2026-11-24T08:00:00Z"))]
// summer: UTC+2
#[case("2026-07-01T19:00:00Z", Some("2026-07-02T07:00:00Z"))]
// spring forward in the night of 28 to 29 March 2026: 09:00 is 07:00 UTC
#[case("2026-03-28T20:30:00Z", Some("2026-03-29T07:00:00Z"))]
// back in the night of 24 to 25 October 2026: 09:00 is 08:00 UTC
#[case("2026-10-24T19:30:00Z", Some("2026-10-25T08:00:00Z"))]
fn the_night_ends_at_nine_in_rome(#[case] now: &str, #[case] ends: Option<&str>) {
    assert_eq!(night("21:00", "09:00").ends(utc(now)), ends.map(utc));
}

#[rstest]
// 02:30 does not exist on 29 March 2026: the night ends with the gap, at 03:00 local
#[case("22:00", "02:30", "2026-03-29T00:30:00Z", Some("2026-03-29T01:00:00Z"))]
// 02:30 happens twice on 25 October 2026: the later one counts
#[case("22:00", "02:30", "2026-10-25T00:10:00Z", Some("2026-10-25T01:30:00Z"))]
// equal ends: there is no night
#[case("09:00", "09:00", "2026-11-23T08:00:00Z", None)]
// a night within one day
#[case("13:00", "15:00", "2026-11-23T13:00:00Z", Some("2026-11-23T14:00:00Z"))]
fn odd_nights_end_where_people_would_say(
    #[case] from: &str,
    #[case] to: &str,
    #[case] now: &str,
    #[case] ends: Option<&str>,
) {
    assert_eq!(night(from, to).ends(utc(now)), ends.map(utc));
}

proptest! {
    /// At any moment of two years: the end of the night lies in the future, within half a day and two hours, and is day.
    #[test]
    fn a_night_always_ends(minutes in 0_i64..(2 * 366 * 24 * 60)) {
        let night = night("21:00", "09:00");
        let now = utc("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        if let Some(ends) = night.ends(now) {
            prop_assert!(ends > now && ends - now <= TimeDelta::hours(14));
            prop_assert_eq!(night.ends(ends), None);
        }
    }
}
