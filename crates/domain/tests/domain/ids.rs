//! Ids sort by time.

use chrono::DateTime;
use domain::ids::MessageId;
use rand::{SeedableRng, rngs::StdRng};

#[test]
fn a_later_id_sorts_later() {
    let mut dice = StdRng::seed_from_u64(1);
    let at = |ms| DateTime::from_timestamp_millis(ms).expect("a time");
    let early = MessageId::new(at(1_795_000_000_000), &mut dice);
    let late = MessageId::new(at(1_795_000_000_001), &mut dice);
    assert!(early < late);
    assert!("not-an-id".parse::<MessageId>().is_err());
}

#[test]
fn a_series_follows_the_time_of_each_id() {
    let mut dice = StdRng::seed_from_u64(3);
    let mut series = OrderedIds::new();
    let at = |ms| DateTime::from_timestamp_millis(ms).expect("a time");
    for ms in (1_795_000_000_000..).step_by(10).take(20) {
        let id = series.message(at(ms), &mut dice);
        let earlier = MessageId::new(at(ms - 1), &mut dice);
        let later = MessageId::new(at(ms + 1), &mut dice);
        assert!(earlier < id && id < later);
    }
}

#[test]
fn a_series_gives_two_ids_when_the_same_id_is_drawn_twice() {
    let now = DateTime::from_timestamp_millis(1_795_000_000_000).expect("a time");
    let mut series = OrderedIds::new();
    let [first, second] =
        std::array::from_fn(|_| series.message(now, &mut StdRng::seed_from_u64(5)));
    assert!(first < second);
}
