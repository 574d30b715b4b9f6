//! Rules about the message itself: its first and last moment, whether an answer makes it pointless, and its broadcast.

use std::time::Duration;

use crate::{
    Timestamp,
    broadcast::BroadcastState,
    lane::Lane,
    wait::{Wait, WaitReason},
};

use super::{CappingLevel, Facts, RefuseReason, ReleaseRules, Verdict};

/// Times are stored in milliseconds.
const MOMENT: Duration = Duration::from_millis(1);

/// An announcement waits for the end of WhatsApp's count, unless a person wants this copy sent now.
pub(super) fn capped(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let capping = facts.session.capping?;
    let holds = capping.level == CappingLevel::Capped
        && capping.until > now
        && facts.message.lane == Lane::Broadcast
        && !facts.message.send_now;
    let wait = Wait::at(WaitReason::AnnouncementsCapped, capping.until);
    holds.then_some(Verdict::Wait(wait))
}

pub(super) fn not_before(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let at = facts.message.not_before.filter(|at| *at > now)?;
    // "Send now" is a person's word against the schedule that a person gave.
    (!facts.message.send_now).then_some(Verdict::Wait(Wait::at(WaitReason::NotBefore, at)))
}

pub(super) fn not_after(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let last = facts.message.not_after.filter(|at| *at < now)?;
    // A cancellation cannot be undone, so a clock that may be ahead expires no message.
    let certain = facts
        .session
        .clock_doubt
        .map_or(last, |doubt| (last + doubt.ahead + MOMENT).min(doubt.until));
    Some(if certain > now {
        Verdict::Wait(Wait::at(WaitReason::ClockUncertain, certain))
    } else {
        Verdict::Refuse(RefuseReason::Expired)
    })
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

/// "Send now" of one copy does not lift it: whoever paused the whole broadcast meant all of it. A copy that somebody queued
/// under the id of a draft is not held by that draft.
pub(super) fn broadcast(facts: &Facts<'_>, _: &ReleaseRules, _: Timestamp) -> Option<Verdict> {
    match facts.message.broadcast? {
        BroadcastState::Cancelled => Some(Verdict::Refuse(RefuseReason::BroadcastCancelled)),
        state => state.wait().map(Verdict::Wait),
    }
}
