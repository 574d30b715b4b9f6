//! That another number is linked is told for a week.

use chrono::TimeDelta;
use domain::{Timestamp, number_change::NumberChange};

#[test]
fn is_told_for_a_week_of_a_number_that_is_new() {
    let since: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
    let told = |days| NumberChange::told(Some(since), Some(since), since + TimeDelta::days(days));
    assert_eq!(told(6), Some(NumberChange { since }));
    assert_eq!(told(7), None);
    assert_eq!(NumberChange::told(None, Some(since), since), None);
    let before = Some(since - TimeDelta::seconds(1));
    assert_eq!(NumberChange::told(Some(since), before, since), None);
}
