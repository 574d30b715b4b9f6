//! The life of a broadcast, and until when it is news.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    Timestamp,
    broadcast::{BroadcastState, BroadcastVerb, InvalidBroadcastChange},
    config::GlobalConfig,
};

use super::people::noon;

#[test]
fn a_broadcast_moves_as_it_is_drawn() {
    use BroadcastState::{Cancelled, Draft, Paused, Started};
    use BroadcastVerb::{Cancel, Pause, Resume, Start};
    let drawn = [
        (Draft, Start, Started),
        (Started, Pause, Paused),
        (Paused, Resume, Started),
        (Started, Cancel, Cancelled),
        (Paused, Cancel, Cancelled),
    ];
    for from in BroadcastState::ALL.iter().copied() {
        for verb in BroadcastVerb::ALL.iter().copied() {
            let known = drawn.iter().find(|line| (line.0, line.1) == (from, verb));
            let expected = known
                .map(|line| line.2)
                .ok_or(InvalidBroadcastChange { from, verb });
            assert_eq!(from.after(verb), expected);
        }
        assert_eq!(from.is_under_way(), matches!(from, Started | Paused));
    }
}

#[test]
fn news_is_proposed_until_the_wedding_day_is_over() {
    let mut config = GlobalConfig::default();
    assert_eq!(config.news_until(noon()), noon() + TimeDelta::days(14));
    config.wedding_date = NaiveDate::from_ymd_opt(2027, 6, 19);
    let over: Timestamp = "2027-06-19T22:00:00Z".parse().expect("a time");
    assert_eq!(config.news_until(noon()), over);
    let last = over - TimeDelta::milliseconds(1);
    assert_eq!(config.news_until(last), over);
    assert_eq!(config.news_until(over), over + TimeDelta::days(14));
}
