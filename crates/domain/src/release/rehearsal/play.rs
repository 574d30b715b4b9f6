//! One performance: the worker's loop on a simulated clock. It looks at the queue as the claim does, composes, sends, draws the
//! pause, and looks again.

use std::{borrow::Cow, time::Duration};

use rand::Rng;

use crate::{
    Timestamp,
    lane::ReleaseLane,
    pacing::Plan,
    release::{
        ContactFacts, Decision, Facts, PastSend, RefuseReason, Rulebook, SessionFacts, gaps_after,
        hourly_limit,
    },
    wait::{Ends, Wait, WaitReason},
};

use super::{
    Pace, Scene, Stay,
    arrivals::Arrivals,
    line::{Fate, Line},
    lineup::{Lineup, Rank},
};

/// From the commit to WAHA's answer.
pub(super) const CALL: Duration = Duration::from_secs(1);
/// The clock has moved at least so much when a look at the queue found nothing.
const TICK: Duration = Duration::from_millis(1);
/// Looks at the queue for each message, before a performance that comes to no end is ended.
const LOOKS_EACH: usize = 60;

/// What became of each message, by place.
pub(super) struct Played {
    pub(super) fates: Vec<Fate>,
    /// Whether it waited out a wait for an answer.
    pub(super) unanswered: Vec<bool>,
    pub(super) held: Option<Wait>,
}

pub(super) struct Play<'a, R> {
    pub(super) lineup: &'a Lineup<'a>,
    pub(super) pace: Pace<'a>,
    /// The session's part of the book, and the messages' own.
    books: (Rulebook, Rulebook),
    pub(super) dice: R,
    pub(super) now: Timestamp,
    pub(super) session: SessionFacts,
    pub(super) contacts: Vec<Cow<'a, ContactFacts>>,
    pub(super) line: Line,
    pub(super) replies: Arrivals,
    pub(super) answers: Arrivals,
    /// How many guests might write.
    pub(super) known: usize,
    /// An automatic message asked for at the first time can be committed at the second. Until something is sent.
    slot: Option<(Timestamp, Wait, Timestamp)>,
    held: Option<Wait>,
}

/// What one look at the queue has found so far: see storage, `claim::Look`.
#[derive(Default)]
struct Look {
    next: Option<Timestamp>,
    goes_first: Option<Timestamp>,
    held: Option<Wait>,
}

/// What the rules say of one message.
enum Asked {
    Send(ReleaseLane, bool),
    /// It waits by itself.
    Own(Wait),
    /// Its whole rank waits.
    Session(Wait),
    Refuse(RefuseReason),
}

impl<'a, R: Rng> Play<'a, R> {
    pub(super) fn begin(
        scene: &Scene,
        lineup: &'a Lineup<'a>,
        pace: &Pace<'a>,
        now: Timestamp,
        mut dice: R,
    ) -> Self {
        let replies = Arrivals::of_replies(&scene.session, pace.rules, now, &mut dice);
        let answers = Arrivals::of_guests(scene.guests, pace.rules, now, &mut dice);
        let known = usize::try_from(scene.guests.known).unwrap_or(usize::MAX);
        let mut play = Self {
            lineup,
            pace: *pace,
            books: pace.book.in_two(),
            dice,
            now,
            session: scene.session.clone(),
            contacts: lineup.contacts().iter().map(Cow::Borrowed).collect(),
            line: Line::of(lineup),
            replies,
            answers,
            known: known.max(lineup.contacts().len()),
            slot: None,
            held: None,
        };
        play.end_elsewhere(scene.under_way.map(|open| open.contact));
        if let Some(open) = scene.under_way {
            play.end_under_way(open);
        }
        play
    }

    /// Plays until nothing leaves any more.
    pub(super) fn through(mut self) -> Played {
        for _ in 0..self.most_looks() {
            if !self.look() {
                break;
            }
        }
        Played {
            unanswered: self.line.unanswered(),
            fates: self.line.fates(self.held),
            held: self.held,
        }
    }

    /// Plays until that message leaves; `None`: it does not.
    pub(super) fn until(mut self, place: usize) -> Option<Timestamp> {
        for _ in 0..self.most_looks() {
            match self.line.fate(place) {
                Fate::Leaves(at) => return Some(at),
                Fate::Stays(_) => return None,
                Fate::Waits if !self.look() => return None,
                Fate::Waits => {}
            }
        }
        None
    }

    fn most_looks(&self) -> usize {
        LOOKS_EACH * (self.lineup.len() + 10)
    }

    /// One look at the queue; `false`: there is nothing to wait for.
    fn look(&mut self) -> bool {
        self.line.promote(self.now);
        let mut look = Look::default();
        for rank in Rank::ALL {
            if self.release(rank, &mut look) {
                return true;
            }
        }
        let next = look.next.into_iter().chain(self.line.next_eligible()).min();
        let Some(next) = next else {
            self.held = look.held;
            return false;
        };
        if self.somebody_writes_before(next) {
            return true;
        }
        self.now = next.max(self.now + TICK);
        true
    }

    /// Sends the first message of that rank that may go; `false`: none may now.
    fn release(&mut self, rank: Rank, look: &mut Look) -> bool {
        while let Some(place) = self.line.first(rank) {
            let message = self.lineup.message(place);
            let lane = self.facts(place).lane(self.now);
            if rank == Rank::Reply && lane == ReleaseLane::Automatic {
                self.line.demote(place);
                continue;
            }
            let plan =
                Plan::draw_for(message.chars, lane, self.pace.pacing, &mut self.dice).total();
            let at = self.now + plan;
            if look.goes_first.is_some_and(|start| start < at) {
                return false;
            }
            match self.ask(place, at) {
                Asked::Refuse(reason) => self.line.end(place, Stay::Never(reason)),
                Asked::Own(wait) => self.step_aside(place, wait, plan),
                Asked::Session(wait) => {
                    look.hold(wait, plan, self.now);
                    return false;
                }
                Asked::Send(lane, cold) => {
                    if let Some((until, reason)) = self.earlier_sibling(place, at) {
                        self.line.set_aside(place, until, reason);
                    } else {
                        if !self.somebody_writes_before(at) {
                            self.send(place, at, lane, cold);
                        }
                        return true;
                    }
                }
            }
        }
        false
    }

    fn facts(&self, place: usize) -> Facts<'_> {
        Facts {
            session: &self.session,
            contact: &self.contacts[self.lineup.seat_of(place)],
            message: &self.lineup.message(place).facts,
        }
    }

    fn ask(&mut self, place: usize, at: Timestamp) -> Asked {
        let facts = self.facts(place);
        let (lane, cold) = (facts.lane(at), facts.is_cold(self.pace.rules, at));
        match self.books.1.decide(&facts, self.pace.rules, at) {
            Decision::Refuse(reason) => return Asked::Refuse(reason),
            Decision::Wait(wait) => return Asked::Own(wait),
            Decision::Send => {}
        }
        match self.of_session(place, lane, at) {
            None => Asked::Send(lane, cold),
            Some(wait) if self.facts(place).waits_alone(wait.reason, at) => Asked::Own(wait),
            Some(wait) => Asked::Session(wait),
        }
    }

    /// What the session's rules say. They say the same to all automatic messages, until something is sent.
    fn of_session(&mut self, place: usize, lane: ReleaseLane, at: Timestamp) -> Option<Wait> {
        let alike = lane == ReleaseLane::Automatic && !self.lineup.message(place).facts.send_now;
        if alike
            && let Some((asked, wait, until)) = self.slot
            && (asked..=until).contains(&at)
        {
            return (until > at).then_some(wait);
        }
        let decision = self.books.0.decide(&self.facts(place), self.pace.rules, at);
        let Decision::Wait(wait) = decision else {
            return None;
        };
        if alike && let Ends::At(until) = wait.ends {
            self.slot = Some((at, wait, until));
        }
        Some(wait)
    }

    fn step_aside(&mut self, place: usize, wait: Wait, plan: Duration) {
        match wait.ends {
            // an answer cannot be counted on
            _ if wait.reason == WaitReason::UnansweredLimit
                && !self.lineup.message(place).waits_out_unanswered =>
            {
                self.line.end(place, Stay::Waits(wait));
            }
            Ends::At(until) => {
                let early = if wait.reason.is_shared() {
                    Duration::ZERO
                } else {
                    plan
                };
                let start = (until - early).max(self.now);
                self.line.set_aside(place, start, wait.reason);
            }
            Ends::Event(_) | Ends::Person(_) => self.line.end(place, Stay::Waits(wait)),
        }
    }

    fn earlier_sibling(&self, place: usize, at: Timestamp) -> Option<(Timestamp, WaitReason)> {
        if self.line.rank(place) == Rank::SendNow {
            return None;
        }
        self.line.earlier_sibling(self.lineup, place, at)
    }

    fn send(&mut self, place: usize, at: Timestamp, lane: ReleaseLane, cold: bool) {
        let answered = at + CALL;
        let seat = self.lineup.seat_of(place);
        let send = PastSend {
            contact: self.contacts[seat].contact,
            lane,
            at: Some(answered),
            cold,
        };
        self.count(send, answered);
        self.reaches(seat, send, answered);
        self.line.leaves(place, answered);
    }

    /// A slot is taken, and the pause after it is drawn.
    pub(super) fn count(&mut self, send: PastSend, answered: Timestamp) {
        let rules = self.pace.rules;
        let since = answered - rules.day;
        self.session
            .sends
            .retain(|past| past.at.is_none_or(|at| at > since));
        self.session.sends.push(send);
        let per_hour = hourly_limit(&self.session, rules, answered);
        let before = self.session.gaps;
        self.session.gaps =
            gaps_after(send.lane, answered, before, per_hour, rules, &mut self.dice);
        self.slot = None;
        self.now = answered;
    }

    pub(super) fn reaches(&mut self, seat: usize, send: PastSend, answered: Timestamp) {
        let contact = self.contacts[seat].to_mut();
        contact.sends.push(send);
        contact.last_out_at = Some(answered);
        contact.unanswered.push(answered);
    }
}

impl Look {
    /// Keeps when a message of this length could be started, if the session's wait ends at a time.
    fn hold(&mut self, wait: Wait, plan: Duration, now: Timestamp) {
        let Ends::At(until) = wait.ends else {
            self.held.get_or_insert(wait);
            return;
        };
        let start = (until - plan).max(now);
        let earlier = |known: Option<Timestamp>| known.into_iter().chain([start]).min();
        self.next = earlier(self.next);
        self.goes_first = earlier(self.goes_first);
    }
}
