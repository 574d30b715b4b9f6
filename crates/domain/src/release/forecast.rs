//! When a waiting message will probably go: a rehearsal of what goes before it, and behind what is played the pace reached.

use std::collections::HashSet;

use chrono::TimeDelta;
use rand::Rng;

use crate::{
    Timestamp,
    wait::{Ends, Wait, WaitReason},
};

use super::{Band, Decision, Facts, Pace, Scene, WaitingMessage, rehearse, rehearse_one};

/// The band for `message`, which has `ahead` due messages before it on its session, of which `scene` holds the first.
/// `None`: it waits for an event or a person.
pub fn forecast(
    scene: &Scene,
    message: &WaitingMessage,
    ahead: u32,
    pace: &Pace<'_>,
    now: Timestamp,
    dice: &mut impl Rng,
) -> Option<Band> {
    if scene
        .waiting
        .iter()
        .any(|one| one.message == message.message)
    {
        return rehearse_one(scene, message.message, pace, now, dice).map(|found| found.band);
    }
    let own = end_of_wait(scene, message, pace, now)?;
    let rehearsal = rehearse(scene, pace, now, dice);
    if rehearsal.held.is_some() {
        return None;
    }
    let due = scene.waiting.iter().filter(|one| one.wait.is_none());
    let due: HashSet<_> = due.map(|one| one.message).collect();
    let last = rehearsal
        .leaves
        .iter()
        .rfind(|one| due.contains(&one.message))
        .map_or(Band { from: now, to: now }, |last| last.band);
    let played = u32::try_from(due.len()).unwrap_or(u32::MAX);
    Some(Band {
        from: far_behind(last.from, played, ahead, now).max(own),
        to: far_behind(last.to, played, ahead, now).max(own),
    })
}

/// A pace tells nothing of a later time, and years of more than four digits are no dates to other programs.
const FARTHEST: TimeDelta = TimeDelta::days(3_650);

/// When `all` will have left, at the pace at which `played` will have left at `at`: in ten years at most, or `at` if that is later.
pub fn far_behind(at: Timestamp, played: u32, all: u32, now: Timestamp) -> Timestamp {
    let seconds = (at - now).num_seconds().saturating_mul(i64::from(all));
    let scaled = TimeDelta::try_seconds(seconds / i64::from(played.max(1)));
    (now + scaled.unwrap_or(FARTHEST).min(FARTHEST)).max(at)
}

fn end_of_wait(
    scene: &Scene,
    message: &WaitingMessage,
    pace: &Pace<'_>,
    now: Timestamp,
) -> Option<Timestamp> {
    let facts = Facts {
        session: &scene.session,
        contact: scene.contacts.get(&message.contact)?,
        message: &message.facts,
    };
    match pace.book.decide(&facts, pace.rules, now) {
        Decision::Send => Some(now),
        // as in a rehearsal: an answer would end it earlier
        Decision::Wait(Wait {
            reason: WaitReason::UnansweredLimit,
            ..
        }) => None,
        Decision::Wait(Wait {
            ends: Ends::At(at), ..
        }) => Some(at),
        Decision::Wait(_) | Decision::Refuse(_) => None,
    }
}
