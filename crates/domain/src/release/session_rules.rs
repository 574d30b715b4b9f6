//! Rules about the session: connected, not paused, not locked, the circuit breaker, the gap, the night.

use crate::{
    Timestamp,
    lane::ReleaseLane,
    session::SessionState,
    wait::{AwaitedEvent, AwaitedPerson, Wait, WaitReason},
};

use super::{Facts, Lock, ReleaseRules, Verdict};

pub(super) fn connected(facts: &Facts<'_>, _: &ReleaseRules, _: Timestamp) -> Option<Verdict> {
    let wait = match facts.session.state {
        _ if facts.session.key_refused => {
            Wait::person(WaitReason::KeyRefused, AwaitedPerson::FixKey)
        }
        // Each session decides under its own lock: two of one number could both take the last place of a limit.
        SessionState::Connected if facts.session.shares_number => {
            Wait::person(WaitReason::SameNumber, AwaitedPerson::Unlink)
        }
        SessionState::Connected if facts.session.own_number.is_some() => return None,
        SessionState::Qr | SessionState::Failed => {
            Wait::person(WaitReason::SessionNeedsScan, AwaitedPerson::Scan)
        }
        // Connected, but it is not known with which number.
        SessionState::Connected | SessionState::Connecting => {
            Wait::event(WaitReason::SessionConnecting, AwaitedEvent::SessionConnects)
        }
        SessionState::Disconnected => {
            Wait::event(WaitReason::SessionAway, AwaitedEvent::SessionConnects)
        }
    };
    Some(Verdict::Wait(wait))
}

pub(super) fn paused(facts: &Facts<'_>, _: &ReleaseRules, _: Timestamp) -> Option<Verdict> {
    facts.session.paused.then_some(Verdict::Wait(Wait::person(
        WaitReason::SessionPaused,
        AwaitedPerson::Resume,
    )))
}

/// A time-lock blocks new chats only, so replies go on until WhatsApp refuses one.
pub(super) fn locked(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    if facts.lane(now) == ReleaseLane::Reply && !facts.session.replies_locked {
        return None;
    }
    let wait = match facts.session.lock? {
        Lock::Until(until) if until <= now => return None,
        Lock::Until(until) => Wait::at(WaitReason::SessionLocked, until),
        Lock::Person => Wait::person(WaitReason::SessionLocked, AwaitedPerson::Unlock),
    };
    Some(Verdict::Wait(wait))
}

pub(super) fn circuit_breaker(
    facts: &Facts<'_>,
    _: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let outage = facts.session.outage.as_ref()?;
    outage.wait(now).map(Verdict::Wait)
}

pub(super) fn gap(facts: &Facts<'_>, _: &ReleaseRules, now: Timestamp) -> Option<Verdict> {
    let gaps = &facts.session.gaps;
    let until = match facts.lane(now) {
        _ if facts.message.send_now => gaps.reply_until,
        ReleaseLane::Reply => gaps.reply_until,
        ReleaseLane::Automatic => gaps.automatic_until,
    };
    until
        .filter(|until| *until > now)
        .map(|until| Verdict::Wait(Wait::at(WaitReason::Gap, until)))
}

pub(super) fn quiet_hours(
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Verdict> {
    let message = facts.message;
    let fresh_reply =
        facts.lane(now) == ReleaseLane::Reply && message.queued_at + rules.late_reply >= now;
    if message.send_now || fresh_reply {
        return None;
    }
    let ends = rules.quiet_hours?.ends(now)?;
    Some(Verdict::Wait(Wait::at(WaitReason::QuietHours, ends)))
}
