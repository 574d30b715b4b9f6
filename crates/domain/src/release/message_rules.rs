//! Rules about the message itself: its first and last moment, and whether an answer makes it pointless.

use crate::{
    Timestamp,
    wait::{Wait, WaitReason},
};

use super::{Facts, RefuseReason, ReleaseRules, Verdict};

pub(super) fn not_before(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let at = facts.message.not_before.filter(|at| *at > now)?;
    // "Send now" is a person's word against the schedule that a person gave.
    (!facts.message.send_now).then_some(Verdict::Wait(Wait::at(WaitReason::NotBefore, at)))
}

pub(super) fn not_after(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    facts
        .message
        .not_after
        .filter(|at| *at < now)
        .map(|_| Verdict::Refuse(RefuseReason::Expired))
}

pub(super) fn drop_if_answered(
    facts: &Facts<'_>,
    _: &ReleaseRules,
    _: Timestamp,
) -> Option<Verdict> {
    let answered = facts
        .last_in_at()
        .is_some_and(|at| at > facts.message.queued_at);
    (facts.message.drop_if_answered && answered).then_some(Verdict::Refuse(RefuseReason::Answered))
}
