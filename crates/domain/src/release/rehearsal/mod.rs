//! A rehearsal: the real rules, played forward on a simulated clock for what waits on one session (design §6, forecast).
//!
//! [`play`] is one performance, with pauses and compositions drawn as the worker draws them and with people writing in
//! between; [`bands`] makes of several performances when each message probably leaves. The order is the claim's: rank,
//! priority, id, each message stepping aside for waits of its own (storage, `release/claim.rs`). What the rules say is
//! never repeated here: every step asks the rulebook.

mod arrivals;
mod bands;
mod days;
mod line;
mod lineup;
mod meanwhile;
mod play;
mod scene;

pub use days::{DayUse, days};
pub use scene::{Guests, Pace, Scene, UnderWay, WaitingMessage};

use std::collections::HashSet;

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{
    Timestamp,
    ids::{ContactId, MessageId},
    wait::Wait,
};

use self::{lineup::Lineup, play::Play};
use super::RefuseReason;

/// The time a message is expected to go: probably not before the first, probably not after the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The earliest that is likely.
    pub from: Timestamp,
    /// The latest that is likely.
    pub to: Timestamp,
}

/// A message that leaves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Which.
    pub message: MessageId,
    /// To whom.
    pub contact: ContactId,
    /// When, in the middle of all performances.
    pub at: Timestamp,
    /// When, in nearly all of them.
    pub band: Band,
}

/// Why a message does not leave by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// Until an event or a person ends this.
    Waits(Wait),
    /// The rules refuse it by then: its last moment passes, or the contact wants none.
    Never(RefuseReason),
    /// Not within the time that is played.
    TooFar,
}

/// What becomes of all that waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rehearsal {
    /// What leaves, in the order in which it leaves.
    pub leaves: Vec<Departure>,
    /// What does not, in the order of the queue.
    pub stays: Vec<(MessageId, ContactId, Stay)>,
    /// What the whole session waits for, if that is no time: then nothing leaves.
    pub held: Option<Wait>,
    /// Messages that waited out a wait for an answer (`waits_out_unanswered`). An answer lets them leave earlier.
    pub unanswered: HashSet<MessageId>,
}

impl Rehearsal {
    /// The last that leaves.
    pub fn last(&self) -> Option<&Departure> {
        self.leaves.iter().max_by_key(|departure| departure.band.to)
    }
}

/// Plays what waits, to its end.
pub fn rehearse(scene: &Scene, pace: &Pace<'_>, now: Timestamp, dice: &mut impl Rng) -> Rehearsal {
    let lineup = Lineup::of(scene);
    let runs = bands::runs(lineup.len());
    let played: Vec<_> = (0..runs)
        .map(|_| Play::begin(scene, &lineup, pace, now, StdRng::from_rng(&mut *dice)).through())
        .collect();
    bands::rehearsal(&lineup, &played, now)
}

/// When one message of the scene leaves; `None`: not by itself, or it is not in the scene.
pub fn rehearse_one(
    scene: &Scene,
    message: MessageId,
    pace: &Pace<'_>,
    now: Timestamp,
    dice: &mut impl Rng,
) -> Option<Departure> {
    let lineup = Lineup::of(scene);
    let target = lineup.place_of(message)?;
    let runs = bands::runs(target.min(lineup.len()));
    let times = (0..runs).map(|_| {
        Play::begin(scene, &lineup, pace, now, StdRng::from_rng(&mut *dice)).until(target)
    });
    let band = bands::of_times(times.flatten().collect(), runs, now)?;
    Some(lineup.departure(target, band))
}
