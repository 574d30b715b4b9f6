//! What answers prove, and how receipts fold.

use domain::{
    ack::Ack,
    outcome::{FailureReason, Meaning, SendAnswer},
    release::Refusal,
    wait::WaitReason,
};
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case(SendAnswer::NeverCalled, Meaning::Away(WaitReason::SessionAway))]
#[case(SendAnswer::ConnectionRefused, Meaning::Away(WaitReason::SessionAway))]
#[case(SendAnswer::SessionAway, Meaning::Away(WaitReason::SessionAway))]
#[case(SendAnswer::SessionMissing, Meaning::Away(WaitReason::SessionAway))]
#[case(SendAnswer::KeyRefused, Meaning::Away(WaitReason::KeyRefused))]
#[case(SendAnswer::SlowDown, Meaning::SlowDown)]
#[case(SendAnswer::BadRequest, Meaning::Failed(FailureReason::BadRequest))]
#[case(SendAnswer::Restricted { until: None }, Meaning::Restricted { until: None })]
#[case(SendAnswer::ContactRefused, Meaning::ContactRefused)]
#[case(SendAnswer::NoLid, Meaning::Failed(FailureReason::NotReachable))]
#[case(SendAnswer::Accepted { raw_id: None }, Meaning::Sent { raw_id: None })]
#[case(SendAnswer::Unclear, Meaning::Unknown)]
fn each_answer_means_what_the_design_says(#[case] answer: SendAnswer, #[case] meaning: Meaning) {
    assert_eq!(answer.meaning(), meaning);
}

#[rstest]
#[case(SendAnswer::ConnectionRefused, Some(Refusal::SessionAway))]
#[case(SendAnswer::SessionAway, Some(Refusal::SessionAway))]
#[case(SendAnswer::SessionMissing, Some(Refusal::SessionAway))]
#[case(SendAnswer::KeyRefused, Some(Refusal::KeyRefused))]
#[case(SendAnswer::SlowDown, Some(Refusal::SlowDown))]
#[case(SendAnswer::BadRequest, Some(Refusal::BadRequest))]
#[case(SendAnswer::Unclear, Some(Refusal::Unclear))]
#[case(SendAnswer::Accepted { raw_id: None }, None)]
#[case(SendAnswer::NeverCalled, None)]
#[case(SendAnswer::OtherNumber, None)]
#[case(SendAnswer::Restricted { until: None }, None)]
#[case(SendAnswer::ContactRefused, None)]
#[case(SendAnswer::NoLid, None)]
fn only_a_failure_that_says_something_of_other_sends_counts_for_the_circuit_breaker(
    #[case] answer: SendAnswer,
    #[case] refusal: Option<Refusal>,
) {
    assert_eq!(answer.refusal(), refusal);
}

const LEVELS: [Ack; 6] = [
    Ack::Error,
    Ack::Pending,
    Ack::Server,
    Ack::Device,
    Ack::Read,
    Ack::Played,
];

proptest! {
    #[test]
    fn receipts_fold_to_the_same_in_any_order(mut seen in prop::collection::vec(0_usize..6, 1..8), seed in any::<u64>()) {
        let fold = |order: &[usize]| order.iter().fold(None, |known, at| Some(Ack::fold(known, LEVELS[*at])));
        let in_order = fold(&seen);
        // a shuffle that depends on the seed only
        let len = seen.len();
        for i in 0..len {
            let j = usize::try_from(seed.rotate_left(u32::try_from(i).unwrap()) % len as u64).unwrap();
            seen.swap(i, j);
        }
        prop_assert_eq!(fold(&seen), in_order);
        let best = seen.iter().map(|at| LEVELS[*at]).max().unwrap();
        let expected = if best >= Ack::Server { best } else if seen.contains(&0) { Ack::Error } else { Ack::Pending };
        prop_assert_eq!(in_order, Some(expected));
    }
}

#[test]
fn only_known_levels_read() {
    for level in -1..=4 {
        assert_eq!(Ack::try_from(level).map(Ack::level), Ok(level));
        assert_eq!(Ack::try_from(level).map(i64::from), Ok(level));
    }
    assert!(Ack::try_from(5).is_err());
}
