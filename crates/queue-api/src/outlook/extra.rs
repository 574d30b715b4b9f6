//! Messages that nobody has queued yet, put behind the queue for a rehearsal.

use chrono::{DateTime, TimeDelta};
use domain::Timestamp;
use domain::ids::{ContactId, MessageId};
use domain::lane::Lane;
use domain::release::{MessageFacts, Scene, WaitingMessage};
use domain::wait::{Wait, WaitReason};
use rand::Rng;

/// A message as it would be queued.
#[derive(Debug, Clone)]
pub struct ExtraMessage {
    /// Whom it goes to.
    pub contact: ContactId,
    /// How long its text is, in characters: typing takes time.
    pub chars: usize,
    /// How it would be queued.
    pub lane: Lane,
    /// Higher ones go first; 0 is usual.
    pub priority: i32,
    /// Not before this time.
    pub not_before: Option<Timestamp>,
    /// Cancelled after this time.
    pub not_after: Option<Timestamp>,
    /// Whether a wait for an answer is simulated to its last moment. Otherwise the message stays.
    pub waits_out_unanswered: bool,
}

/// Queues them in the scene, behind all that is there; their ids.
pub(super) fn queue(
    scene: &mut Scene,
    extra: &[ExtraMessage],
    now: Timestamp,
    dice: &mut impl Rng,
) -> Vec<MessageId> {
    let mut queued = Vec::with_capacity(extra.len());
    // What is queued in this very moment sorts before it, also when the clock was set back since the queue's newest message.
    let behind = newest(scene).map_or(now, |newest| newest.max(now));
    for (after_ms, message) in (1_000..).zip(extra) {
        let id = MessageId::new(behind + TimeDelta::milliseconds(after_ms), dice);
        scene.waiting.push(waiting(id, message, now));
        queued.push(id);
    }
    queued
}

/// The time in the newest id of the queue.
fn newest(scene: &Scene) -> Option<Timestamp> {
    let newest = scene.waiting.iter().map(|waiting| waiting.message).max()?;
    let (seconds, nanos) = newest.as_uuid().get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

fn waiting(id: MessageId, message: &ExtraMessage, now: Timestamp) -> WaitingMessage {
    let later = message.not_before.filter(|at| *at > now);
    WaitingMessage {
        message: id,
        contact: message.contact,
        priority: message.priority,
        chars: message.chars,
        facts: MessageFacts {
            lane: message.lane,
            send_now: false,
            queued_at: now,
            not_before: message.not_before,
            not_after: message.not_after,
            drop_if_answered: false,
            answers_at: None,
            broadcast: None,
        },
        wait: later.map(|at| Wait::at(WaitReason::NotBefore, at)),
        waits_out_unanswered: message.waits_out_unanswered,
    }
}
