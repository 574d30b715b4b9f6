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
