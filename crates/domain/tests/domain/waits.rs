//! The sentences that tell people why a message waits.

use std::collections::HashSet;

use domain::wait::WaitReason;

#[test]
fn each_reason_of_a_wait_has_a_sentence_of_its_own() {
    let sentences: HashSet<_> = WaitReason::ALL.iter().map(|one| one.sentence()).collect();
    assert_eq!(sentences.len(), WaitReason::ALL.len());
    assert!(sentences.iter().all(|text| text.ends_with('.')));
}
