//! Rules about the contact: consent, opt-out, cool-down, share of the hour, answers, cold, order.

use std::collections::HashMap;

use crate::{
    Timestamp,
    lane::ReleaseLane,
    wait::{AwaitedEvent, AwaitedPerson, Wait, WaitReason},
};

use super::{Facts, RefuseReason, ReleaseRules, UNANSWERED_WITHIN, Verdict};

pub(super) fn consent(facts: &Facts<'_>, _: &ReleaseRules, _: Timestamp) -> Option<Verdict> {
    let missing = facts.contact.evidence.is_none();
    missing.then_some(Verdict::Wait(Wait::event(
        WaitReason::GuestHasNotWritten,
        AwaitedEvent::ContactWrites,
    )))
}

pub(super) fn identity(facts: &Facts<'_>, _: &ReleaseRules, _: Timestamp) -> Option<Verdict> {
    facts
        .contact
        .identity_unconfirmed
        .then_some(Verdict::Wait(Wait::person(
            WaitReason::IdentityUnconfirmed,
            AwaitedPerson::ConfirmContact,
        )))
}

pub(super) fn opt_out(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let opted_out_at = facts.contact.opted_out_at?;
    let answers_newer = facts.message.answers_at.is_some_and(|at| at > opted_out_at);
    let allowed = facts.lane(now) == ReleaseLane::Reply && answers_newer;
    (!allowed).then_some(Verdict::Refuse(RefuseReason::OptedOut))
}

/// A person's own word, "now" or a reply, is not held: somebody is looking already.
pub(super) fn suspended(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    facts.contact.suspended_at?;
    let automatic = !facts.message.send_now && facts.lane(now) == ReleaseLane::Automatic;
    automatic.then_some(Verdict::Wait(Wait::person(
        WaitReason::ContactSuspended,
        AwaitedPerson::DecideContact,
    )))
}

/// "Send now" is a person's decision about the contact.
pub(super) fn refused(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let refusal = facts.contact.refused?;
    let held = refusal.wait(now).filter(|_| !facts.message.send_now);
    held.map(Verdict::Wait)
}

pub(super) fn cool_down(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    if facts.lane(now) == ReleaseLane::Reply {
        return None;
    }
    let last_out = facts.contact.last_out_at?;
    let wrote_since = facts.last_in_at().is_some_and(|at| at > last_out);
    let until = last_out + rules.cool_down;
    (!wrote_since && until > now).then_some(Verdict::Wait(Wait::at(WaitReason::CoolDown, until)))
}

pub(super) fn contact_hour(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let limit = match facts.lane(now) {
        ReleaseLane::Automatic => rules.contact_per_hour,
        ReleaseLane::Reply => rules.contact_replies_per_hour,
    };
    let times = facts
        .contact
        .sends
        .iter()
        .map(|send| send.at.unwrap_or(now));
    let until = super::windows::free_at(times, rules.hour, limit, now)?;
    Some(Verdict::Wait(Wait::at(WaitReason::ContactHourLimit, until)))
}

pub(super) fn unanswered(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let times = facts.contact.unanswered.iter().copied();
    let limit = rules.unanswered_in(facts.lane(now));
    let until = super::windows::free_at(times, UNANSWERED_WITHIN, limit, now)?;
    Some(Verdict::Wait(Wait::at(WaitReason::UnansweredLimit, until)))
}

pub(super) fn cold(facts: &Facts<'_>, rules: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    if !facts.is_cold(rules, now) || facts.message.send_now {
        return None;
    }
    // The latest send to each *other* cold contact: one contact uses one share however often it is written to.
    let mut latest: HashMap<_, Timestamp> = HashMap::new();
    for send in facts
        .session
        .sends
        .iter()
        .filter(|s| s.cold && s.contact != facts.contact.contact)
    {
        let at = send.at.unwrap_or(now);
        latest
            .entry(send.contact)
            .and_modify(|known| *known = at.max(*known))
            .or_insert(at);
    }
    let until = super::windows::free_at(latest.into_values(), rules.day, rules.cold_per_day, now)?;
    Some(Verdict::Wait(Wait::at(WaitReason::ContactCold, until)))
}

pub(super) fn hand_typed(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    if facts.message.send_now || facts.lane(now) == ReleaseLane::Reply {
        return None;
    }
    let until = facts.contact.hand_typed_at? + rules.hand_typed;
    (until > now).then_some(Verdict::Wait(Wait::at(WaitReason::HandTyped, until)))
}

pub(super) fn order(facts: &Facts<'_>, rules: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    if facts.contact.open {
        return Some(Verdict::Wait(Wait::event(
            WaitReason::EarlierOpen,
            AwaitedEvent::EarlierEnds,
        )));
    }
    // Replies and "send now" are a person's word: they are not held by an earlier doubt.
    if facts.message.send_now || facts.lane(now) == ReleaseLane::Reply {
        return None;
    }
    let until = facts.contact.uncertain_since? + rules.uncertain_hold;
    (until > now).then_some(Verdict::Wait(Wait::at(WaitReason::EarlierUncertain, until)))
}
