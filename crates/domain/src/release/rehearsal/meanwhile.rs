//! What comes between in a performance: people who write, and what was under way when it began.

use std::time::Duration;

use rand::{Rng, RngExt};

use crate::{Timestamp, ids::ContactId, lane::ReleaseLane, pacing::Plan, release::PastSend};

use super::{
    UnderWay,
    arrivals::REPLY_TAKES,
    lineup::Rank,
    play::{CALL, Play},
};

/// A composition of another session is soon over.
const ELSEWHERE: Duration = Duration::from_secs(30);

impl<R: Rng> Play<'_, R> {
    /// A guest or one of the couple writes, if anybody does before `at`.
    pub(super) fn somebody_writes_before(&mut self, at: Timestamp) -> bool {
        let reply = self.replies.before(at);
        if let Some(answer) = self.answers.before(reply.unwrap_or(at)) {
            if let Some(seat) = self.somebody() {
                self.answers_us(seat);
            }
            self.now = self.now.max(answer);
            self.answers.draw_next(answer, &mut self.dice);
            return true;
        }
        if let Some(reply) = reply {
            self.reply(reply);
        }
        reply.is_some()
    }

    /// One of the guests who have written, if it is one whom something waits for.
    fn somebody(&mut self) -> Option<usize> {
        let guest = self.dice.random_range(0..self.known.max(1));
        (guest < self.contacts.len()).then_some(guest)
    }

    fn answers_us(&mut self, seat: usize) {
        self.contacts[seat].to_mut().unanswered.clear();
        self.line.answered(self.lineup, seat);
    }

    /// A reply by hand goes before automatic messages: what was being composed begins anew after it. While replies
    /// wait already, only the guest's answer is played: the reply would go after them.
    fn reply(&mut self, at: Timestamp) {
        let seat = self.somebody();
        if let Some(seat) = seat {
            self.answers_us(seat);
        }
        if self.line.first(Rank::Reply).is_some() {
            self.now = self.now.max(at);
            self.replies.draw_next(at, &mut self.dice);
            return;
        }
        let answered = at.max(self.now) + REPLY_TAKES;
        let contact = match seat {
            Some(seat) => self.contacts[seat].contact,
            None => ContactId::new(at, &mut self.dice),
        };
        let send = PastSend {
            contact,
            lane: ReleaseLane::Reply,
            at: Some(answered),
            cold: false,
        };
        self.count(send, answered);
        if let Some(seat) = seat {
            self.reaches(seat, send, answered);
        }
        self.replies.draw_next(answered, &mut self.dice);
    }

    pub(super) fn end_under_way(&mut self, open: UnderWay) {
        let planned =
            Plan::draw_for(open.chars, open.lane, self.pace.pacing, &mut self.dice).total();
        let committed = if open.committed {
            self.now
        } else {
            (open.since + planned).max(self.now)
        };
        let answered = committed + CALL;
        let send = PastSend {
            contact: open.contact,
            lane: open.lane,
            at: Some(answered),
            cold: open.cold,
        };
        self.session.sends.retain(|past| past.at.is_some());
        self.count(send, answered);
        let mut contacts = self.contacts.iter();
        if let Some(seat) = contacts.position(|one| one.contact == open.contact) {
            let contact = self.contacts[seat].to_mut();
            contact.open = false;
            contact.sends.retain(|past| past.at.is_some());
            self.reaches(seat, send, answered);
        }
    }

    /// What another session sends to one of our contacts right now counts for them from its end on.
    pub(super) fn end_elsewhere(&mut self, ours: Option<ContactId>) {
        let ended = self.now + ELSEWHERE;
        for contact in &mut self.contacts {
            if !contact.open || Some(contact.contact) == ours {
                continue;
            }
            let contact = contact.to_mut();
            contact.open = false;
            contact.sends.retain(|past| past.at.is_some());
            contact.sends.push(PastSend {
                contact: contact.contact,
                lane: ReleaseLane::Automatic,
                at: Some(ended),
                cold: false,
            });
            contact.last_out_at = Some(ended);
        }
    }
}
