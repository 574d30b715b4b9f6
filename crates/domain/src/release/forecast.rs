//! When a waiting message will probably go: the rules themselves, played forward for the messages ahead of it.

use std::time::Duration;

use crate::{
    Timestamp,
    lane::ReleaseLane,
    wait::{Ends, Wait},
};

use super::{Decision, Facts, PastSend, ReleaseRules, Rulebook, hourly_limit};

/// The time a message is expected to go: probably not before the first, probably not after the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The earliest that is likely.
    pub from: Timestamp,
    /// The latest that is likely.
    pub to: Timestamp,
}

/// More messages ahead than this are not played one by one: the rest is added at the pace reached.
const PLAYED_AHEAD: u32 = 400;

/// The band for a message with `ahead` automatic messages before it on its session; `None`: it waits for an event or a person.
pub fn forecast(
    book: &Rulebook,
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    ahead: u32,
    now: Timestamp,
) -> Option<Band> {
    let own = end_of_wait(book, facts, rules, now)?;
    let mut session = facts.session.clone();
    let mut at = now;
    let played = ahead.min(PLAYED_AHEAD);
    for _ in 0..played {
        at = next_slot(book, facts, &session, rules, at)?;
        session.sends.push(PastSend {
            contact: facts.contact.contact,
            lane: ReleaseLane::Automatic,
            at: Some(at),
            cold: false,
        });
        session.gaps.automatic_until = Some(at + mean_gap(&session, rules, at));
    }
    let at = next_slot(book, facts, &session, rules, at)?;
    let rest = (at - now) * i32::try_from(ahead - played).unwrap_or(i32::MAX)
        / i32::try_from(played.max(1)).unwrap_or(1);
    let from = own.max(at + rest);
    let spread = ((from - now) / 5).max(chrono::TimeDelta::seconds(30));
    Some(Band {
        from: (from - spread).max(own),
        to: from + spread,
    })
}

fn end_of_wait(
    book: &Rulebook,
    facts: &Facts<'_>,
    rules: &ReleaseRules,
    now: Timestamp,
) -> Option<Timestamp> {
    match book.decide(facts, rules, now) {
        Decision::Send => Some(now),
        Decision::Wait(Wait {
            ends: Ends::At(at), ..
        }) => Some(at),
        Decision::Wait(_) | Decision::Refuse(_) => None,
    }
}

/// When the session could send one more automatic message, whoever receives it.
fn next_slot(
    book: &Rulebook,
    facts: &Facts<'_>,
    session: &super::SessionFacts,
    rules: &ReleaseRules,
    at: Timestamp,
) -> Option<Timestamp> {
    let mut contact = facts.contact.clone();
    contact.sends.clear();
    contact.last_out_at = None;
    let facts = Facts {
        session,
        contact: &contact,
        message: facts.message,
    };
    end_of_wait(book, &facts, rules, at)
}

fn mean_gap(session: &super::SessionFacts, rules: &ReleaseRules, at: Timestamp) -> Duration {
    let even = rules.hour / hourly_limit(session, rules, at).max(1);
    even.max((rules.gap_min + rules.gap_max) / 2)
}
