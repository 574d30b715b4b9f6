//! Who is due and who stepped aside, at one moment of a performance.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use crate::{
    Timestamp,
    wait::{AwaitedEvent, Ends, Wait, WaitReason},
};

use super::{
    Stay,
    lineup::{Lineup, Rank},
};

/// What has become of a message so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Waits,
    Leaves(Timestamp),
    Stays(Stay),
}

pub(super) struct Line {
    due: BTreeSet<(Rank, usize)>,
    aside: BinaryHeap<Reverse<(Timestamp, usize)>>,
    waits: Vec<Option<(Timestamp, WaitReason)>>,
    ranks: Vec<Rank>,
    fates: Vec<Fate>,
    /// Let go by an answer that nobody can count on: they take their slot, and still nobody promises that they leave.
    gone: Vec<bool>,
    /// Set aside until a wait for an answer ends.
    unanswered: Vec<bool>,
}

impl Line {
    pub(super) fn of(lineup: &Lineup<'_>) -> Self {
        let places = 0..lineup.len();
        let mut line = Self {
            due: BTreeSet::new(),
            aside: BinaryHeap::new(),
            waits: vec![None; lineup.len()],
            ranks: places.clone().map(|place| lineup.rank(place)).collect(),
            fates: vec![Fate::Waits; lineup.len()],
            gone: vec![false; lineup.len()],
            unanswered: vec![false; lineup.len()],
        };
        let mut due = Vec::new();
        for place in places {
            match lineup.message(place).wait {
                Some(wait) if !ends_by_itself(&wait) => line.end(place, Stay::Waits(wait)),
                Some(Wait {
                    ends: Ends::At(at),
                    reason,
                }) => line.keep_aside(place, at, reason),
                _ => due.push((line.ranks[place], place)),
            }
        }
        line.due = due.into_iter().collect();
        line
    }

    /// The first that is due in that rank.
    pub(super) fn first(&self, rank: Rank) -> Option<usize> {
        let first = self.due.range((rank, 0)..).next();
        first.filter(|(of, _)| *of == rank).map(|(_, place)| *place)
    }

    /// A reply whose contact wrote too long ago waits among the others.
    pub(super) fn demote(&mut self, place: usize) {
        self.due.remove(&(self.ranks[place], place));
        self.ranks[place] = Rank::Rest;
        self.due.insert((Rank::Rest, place));
    }

    pub(super) fn rank(&self, place: usize) -> Rank {
        self.ranks[place]
    }

    pub(super) fn set_aside(&mut self, place: usize, until: Timestamp, reason: WaitReason) {
        self.unanswered[place] |= reason == WaitReason::UnansweredLimit;
        self.due.remove(&(self.ranks[place], place));
        self.keep_aside(place, until, reason);
    }

    fn keep_aside(&mut self, place: usize, until: Timestamp, reason: WaitReason) {
        self.waits[place] = Some((until, reason));
        self.aside.push(Reverse((until, place)));
    }

    /// Sets due whose wait is over.
    pub(super) fn promote(&mut self, now: Timestamp) {
        while let Some(Reverse((until, place))) = self.aside.peek().copied() {
            if until > now {
                return;
            }
            self.aside.pop();
            self.waits[place] = None;
            self.due.insert((self.ranks[place], place));
        }
    }

    /// When the next wait is over.
    pub(super) fn next_eligible(&self) -> Option<Timestamp> {
        self.aside.peek().map(|Reverse((until, _))| *until)
    }

    /// The longest wait of an earlier message of the same contact, rank and priority that is over at `at`, or that ends with another try:
    /// see storage, `waits::earlier_sibling`. A scheduled one is not overtaken.
    pub(super) fn earlier_sibling(
        &self,
        lineup: &Lineup<'_>,
        place: usize,
        at: Timestamp,
    ) -> Option<(Timestamp, WaitReason)> {
        let alike = |other: &usize| {
            self.ranks[*other] == self.ranks[place]
                && lineup.message(*other).priority == lineup.message(place).priority
        };
        let retried = |reason: WaitReason| self.ranks[place] == Rank::Rest && reason.is_retry();
        let earlier = lineup.of_seat(lineup.seat_of(place)).iter();
        let aside = earlier
            .take_while(|other| **other < place)
            .filter(|other| alike(other))
            .filter_map(|other| self.waits[*other]);
        aside
            .filter(|(until, reason)| {
                *reason != WaitReason::NotBefore && (*until <= at || retried(*reason))
            })
            .max_by_key(|(until, _)| *until)
            .map(|(until, reason)| (until, reason.of_later()))
    }

    pub(super) fn leaves(&mut self, place: usize, at: Timestamp) {
        self.gone[place] = true;
        self.settle(place, Fate::Leaves(at));
    }

    pub(super) fn end(&mut self, place: usize, stay: Stay) {
        self.settle(place, Fate::Stays(stay));
    }

    /// The first word counts.
    fn settle(&mut self, place: usize, fate: Fate) {
        self.due.remove(&(self.ranks[place], place));
        if self.fates[place] == Fate::Waits {
            self.fates[place] = fate;
        }
    }

    /// The contact in that seat writes: what waited for it is due.
    pub(super) fn answered(&mut self, lineup: &Lineup<'_>, seat: usize) {
        for place in lineup.of_seat(seat) {
            if !self.gone[*place] && waits_for_an_answer(self.fates[*place]) {
                self.due.insert((self.ranks[*place], *place));
            }
        }
    }

    pub(super) fn unanswered(&self) -> Vec<bool> {
        self.unanswered.clone()
    }

    pub(super) fn fate(&self, place: usize) -> Fate {
        self.fates[place]
    }

    /// What became of everybody; who still waits is held by what the session waits for.
    pub(super) fn fates(mut self, held: Option<Wait>) -> Vec<Fate> {
        let left = held.map_or(Stay::TooFar, Stay::Waits);
        for fate in self.fates.iter_mut().filter(|fate| **fate == Fate::Waits) {
            *fate = Fate::Stays(left);
        }
        self.fates
    }
}

const fn waits_for_an_answer(fate: Fate) -> bool {
    matches!(
        fate,
        Fate::Stays(Stay::Waits(
            Wait {
                ends: Ends::Event(AwaitedEvent::ContactWrites),
                ..
            } | Wait {
                reason: WaitReason::UnansweredLimit,
                ..
            }
        ))
    )
}

/// What is under way ends within a minute: whoever waits for that is as good as due.
const fn ends_by_itself(wait: &Wait) -> bool {
    !matches!(wait.reason, WaitReason::UnansweredLimit)
        && matches!(
            wait.ends,
            Ends::At(_) | Ends::Event(AwaitedEvent::EarlierEnds)
        )
}
