//! When a session's silence about what it sent is worth a warning.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    receipts::{MissingReceipts, READ_AGAIN, ReceiptFacts},
    session::SessionState,
};
use rstest::rstest;

const PATIENCE: Duration = Duration::from_mins(10);

fn noon() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn ago(minutes: i64) -> Timestamp {
    noon() - TimeDelta::minutes(minutes)
}

/// Connected since yesterday; sends of so many minutes ago without a receipt, the newest with one so many minutes ago.
fn facts(unconfirmed: &[i64], newest_confirmed: Option<i64>) -> ReceiptFacts {
    ReceiptFacts {
        state: SessionState::Connected,
        since: ago(24 * 60),
        newest_confirmed: newest_confirmed.map(ago),
        unconfirmed: unconfirmed.iter().copied().map(ago).collect(),
    }
}

#[rstest]
#[case::nothing_sent(&[], None, None)]
#[case::all_confirmed(&[], Some(5), None)]
#[case::too_early_to_tell(&[9], None, None)]
#[case::one_that_nobody_confirms(&[10], None, Some((10, 1)))]
#[case::only_those_that_waited_too_long_count(&[30, 20, 3], None, Some((30, 2)))]
#[case::behind_one_that_was_confirmed(&[30, 20], Some(40), Some((30, 2)))]
#[case::a_lost_receipt_that_others_overtook(&[30], Some(20), None)]
#[case::of_the_moment_of_the_confirmed_one(&[20], Some(20), None)]
#[case::since_the_last_confirmed_one(&[30, 15], Some(20), Some((15, 1)))]
fn only_silence_behind_the_newest_receipt_counts(
    #[case] unconfirmed: &[i64],
    #[case] newest_confirmed: Option<i64>,
    #[case] expected: Option<(i64, u32)>,
) {
    let missing = facts(unconfirmed, newest_confirmed).missing(PATIENCE, noon());
    let expected = expected.map(|(since, sends)| MissingReceipts {
        since: ago(since),
        sends,
    });
    assert_eq!(missing, expected);
}

#[test]
fn a_session_that_is_not_connected_has_other_troubles() {
    for &state in SessionState::ALL {
        let facts = ReceiptFacts {
            state,
            ..facts(&[30], None)
        };
        let warned = facts.missing(PATIENCE, noon()).is_some();
        assert_eq!(warned, state == SessionState::Connected, "{state}");
    }
}

#[test]
fn after_it_came_back_receipts_have_the_whole_time_again() {
    let mut facts = facts(&[300], None);
    facts.since = ago(9);
    assert_eq!(facts.missing(PATIENCE, noon()), None);
    facts.since = ago(10);
    assert!(facts.missing(PATIENCE, noon()).is_some());
}

#[test]
fn receipts_of_three_days_are_read_again() {
    assert_eq!(READ_AGAIN, Duration::from_hours(72));
}
