//! Which cappings mean something: real ones, zeros and words that WhatsApp never filled in.

use super::*;

fn now() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn capping(status: &str, quota: Option<i64>, end: Option<i64>) -> Option<CappingSeen> {
    let capping = MessageCapping {
        capping_status: Some(status.to_owned()),
        total_quota: quota,
        cycle_end: end,
        ..MessageCapping::default()
    };
    seen(&capping, now())
}

#[test]
fn warns_and_caps_until_the_cycle_ends() {
    let end = now() + TimeDelta::hours(30);
    for (status, level) in [
        ("FIRST_WARNING", CappingLevel::FirstWarning),
        ("SECOND_WARNING", CappingLevel::SecondWarning),
        ("CAPPED", CappingLevel::Capped),
    ] {
        let in_force = Some(Capping { level, until: end });
        let seen = capping(status, Some(250), Some(end.timestamp()));
        assert_eq!(seen, Some(CappingSeen { in_force }), "{status}");
    }
    // without an end the same one is shown at each look of a day
    let until = "2026-11-25T00:00:00Z".parse().expect("a time");
    let level = CappingLevel::Capped;
    let in_force = Some(Capping { level, until });
    assert_eq!(
        capping("CAPPED", None, None),
        Some(CappingSeen { in_force })
    );
}

#[test]
fn says_that_there_is_none() {
    let later = Some((now() + TimeDelta::hours(30)).timestamp());
    for (status, quota) in [("NONE", Some(250)), ("FIRST_WARNING", Some(-1))] {
        let none = Some(CappingSeen { in_force: None });
        assert_eq!(capping(status, quota, later), none, "{status} {quota:?}");
    }
}

#[test]
fn zeros_and_other_words_mean_nothing() {
    let later = Some((now() + TimeDelta::hours(30)).timestamp());
    for (status, quota, end) in [
        ("NOT_ELIGIBLE", Some(0), Some(1)),
        ("NOT_ELIGIBLE", Some(250), later),
        ("CAPPED", Some(0), Some(1)),
        ("CAPPED", Some(0), later),
        ("CAPPED", Some(250), Some(1)),
        ("CAPPED", Some(250), Some(0)),
        ("SECOND_WARNING", Some(250), Some(now().timestamp())),
    ] {
        assert_eq!(
            capping(status, quota, end),
            None,
            "{status} {quota:?} {end:?}"
        );
    }
}
