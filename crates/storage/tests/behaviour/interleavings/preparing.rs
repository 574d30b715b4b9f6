//! The states that a run starts from: what the drawn operations need, and rows that already wait for what they may free.

use chrono::TimeDelta;
use domain::{
    chat_id::ChatId,
    ids::{GuestId, MessageId},
    lane::Lane,
    outcome::SendAnswer,
    release::Lock,
};
use rand::{RngExt as _, rngs::StdRng};
use storage::{Claim, Commit, NewGuest, PersonVerdict, Recipient, Work};

use super::{
    super::{
        inviting::says,
        stage::{accepted, chat, inbound, lid, phone},
    },
    operation::Operation,
    world::{Limits, OpenAttempt, World, connected, own_number_of},
};

impl World<'_> {
    /// The state that the operations start from.
    pub(super) async fn prepare(&mut self, operations: &[Operation], rng: &mut StdRng) {
        let needs = |wanted: Operation| operations.contains(&wanted);
        self.merges = needs(Operation::Merge);
        if needs(Operation::Link) {
            self.somebody_unknown_wrote().await;
        }
        if needs(Operation::Merge) {
            self.hidden_contact(rng).await;
        }
        self.end_a_send(operations, rng).await;
        let composing = needs(Operation::Commit) || needs(Operation::GiveBack);
        let sending = !composing && needs(Operation::Finish);
        let undone = self.uncertain.is_none() && self.failed.is_none();
        let sends = self.limits.binds_after_one_send() || rng.random_bool(0.3);
        if !composing && !sending && undone && sends {
            self.send(rng).await;
        } else if composing || sending || rng.random_bool(0.4) {
            let worker = rng.random_range(0..2);
            let committed = sending || !composing && rng.random_bool(0.5);
            self.open(worker, committed, rng).await;
        }
        self.hold_back(rng).await;
        if needs(Operation::Free) && rng.random_bool(0.3) {
            self.lock_a_number(rng).await;
        }
        if rng.random_bool(0.08) {
            self.share_the_number(rng).await;
        }
    }

    /// An uncertain or a failed message, for the operations that look for one.
    async fn end_a_send(&mut self, operations: &[Operation], rng: &mut StdRng) {
        let late = operations.contains(&Operation::Late);
        let settle = operations.contains(&Operation::Settle);
        let worker = rng.random_range(0..2);
        if settle || late && rng.random_bool(0.6) {
            let work = self.ended_send(worker, SendAnswer::Unclear, rng).await;
            if late && rng.random_bool(0.3) {
                self.arrived_for_a_person(work.message).await;
            }
            self.uncertain = Some((worker, work));
            self.guest_writes_again().await;
        } else if late {
            let work = self.ended_send(worker, SendAnswer::NoLid, rng).await;
            self.failed = Some(work.message);
            self.guest_writes_again().await;
        }
    }

    /// A person says that it arrived. The late outcome may say that it never left.
    async fn arrived_for_a_person(&self, message: MessageId) {
        let (verdict, person) = (PersonVerdict::Arrived, &self.person);
        let settled = self
            .store
            .settle_by_person(message, verdict, person, self.now);
        settled.await.expect("settled");
    }

    /// Something was sent a moment ago: the cool-down of the contact holds for both sessions.
    async fn send(&mut self, rng: &mut StdRng) {
        let worker = rng.random_range(0..2);
        let answer = accepted(&format!("SENT{}", self.run));
        self.ended_send(worker, answer, rng).await;
    }

    /// Messages that the workers find waiting: for the open attempt, for the contact's word, or for a person.
    async fn hold_back(&mut self, rng: &mut StdRng) {
        let (suspended, first) = (rng.random_bool(0.25), rng.random_bool(0.5));
        if suspended && first {
            self.suspend().await;
        }
        let unanswered = [0, 0, 1, 2, 4][rng.random_range(0..5)];
        // The open attempt was within the limit.
        if unanswered > 0 && (self.open.is_none() || unanswered == 1) {
            self.leave_unanswered(unanswered).await;
        }
        for worker in [0, 1, 1] {
            if rng.random_bool(0.7) {
                let send_now = rng.random_bool(0.2);
                self.queue(worker, send_now, rng).await;
            }
        }
        let held = suspended && first || unanswered > 1 && self.limits != Limits::None;
        let likely = if held || self.open.is_some() {
            0.6
        } else {
            0.1
        };
        for worker in 0..2 {
            let busy = self.open.as_ref().is_some_and(|open| open.worker == worker);
            if !busy && rng.random_bool(likely) {
                self.claim_beside(worker, rng).await;
            }
        }
        if suspended && !first {
            self.suspend().await;
        }
    }

    /// A claim that mostly finds only what waits. What it takes is open.
    async fn claim_beside(&mut self, worker: usize, rng: &mut StdRng) {
        if let Claim::Taken(work) = self.claim(worker, rng).await
            && self.open.is_none()
        {
            self.open = Some(OpenAttempt {
                work: *work,
                committed: false,
                worker,
            });
        }
    }

    async fn suspend(&self) {
        let contact = self.contact;
        let sql = format!("UPDATE contact SET suspended_at = 1 WHERE id = '{contact}'");
        self.db.execute(&sql).await.expect("suspended");
    }

    async fn leave_unanswered(&self, messages: u32) {
        for _ in 0..messages {
            // after the guest wrote, and too long ago for the cool-down and the hour
            let at = self.now - TimeDelta::minutes(100);
            self.db.sent_to(self.contact, at).await;
        }
    }

    async fn lock_a_number(&self, rng: &mut StdRng) {
        let session = &self.workers[rng.random_range(0..2)].session;
        let lock = self
            .store
            .lock(session, Lock::Person, "test", self.now)
            .await;
        lock.expect("locked");
    }

    /// The number of the open attempt is linked to the other session too, and the contact has written there.
    async fn share_the_number(&mut self, rng: &mut StdRng) {
        let worker = self.open.as_ref().map_or(0, |open| open.worker);
        let other = &self.workers[1 - worker].session;
        let view = connected(&own_number_of(worker, self.run), self.now);
        let recorded = self.store.record_session(other, &view, self.now);
        recorded.await.expect("recorded");
        let raw = format!("SHARED{}", self.run);
        self.record(other, &inbound(chat(self.run), &raw, self.now))
            .await;
        // A word to one of the sessions answers what the other one sent.
        if rng.random_bool(0.5) {
            self.leave_unanswered(1).await;
        }
        self.shares_number = true;
    }

    pub(super) async fn guest_wrote(&self) {
        for (worker, hours) in self.workers.iter().zip([30, 2]) {
            let at = self.now - TimeDelta::hours(hours);
            let raw = format!("FIRST{}{}", worker.session, self.run);
            self.record(&worker.session, &inbound(chat(self.run), &raw, at))
                .await;
        }
    }

    async fn somebody_unknown_wrote(&mut self) {
        let raw = format!("UNKNOWN{}", self.run);
        let message = says(lid(self.run + 500_000), &raw, "Ciao!", self.now);
        let session = self.workers[0].session.clone();
        self.record(&session, &message).await;
        let page = self
            .store
            .unknown_writers(&session, None, 5, self.now)
            .await;
        self.unknown = page.expect("a page").items.first().map(|writer| writer.id);
        assert!(self.unknown.is_some(), "somebody unknown wrote");
    }

    /// A second contact, known by a hidden id, that is the same person.
    async fn hidden_contact(&mut self, rng: &mut StdRng) {
        let guest = NewGuest {
            id: GuestId::new(self.now, rng),
            name: format!("Hidden {}", self.run),
            side: None,
            language: None,
            household: None,
            phone: Some(phone(self.run + 400_000)),
        };
        let guest = self
            .store
            .add_guest(&guest, self.now)
            .await
            .expect("a guest");
        let hidden = guest.contact.expect("with a number");
        let ChatId::Lid(lid) = self.hidden_chat() else {
            panic!("a hidden id is a LID");
        };
        for sql in [
            format!("UPDATE contact SET phone = NULL WHERE id = '{hidden}'"),
            format!("INSERT INTO contact_lid (lid, contact_id) VALUES ('{lid}', '{hidden}')"),
        ] {
            self.db.execute(&sql).await.expect("hidden");
        }
        let session = self.workers[1].session.clone();
        let raw = format!("HIDDEN{}", self.run);
        self.record(&session, &inbound(self.hidden_chat(), &raw, self.now))
            .await;
        let message = self.new_message(1, Recipient::Contact(hidden), rng);
        self.enqueue(message).await;
    }

    async fn queue(&mut self, worker: usize, send_now: bool, rng: &mut StdRng) {
        self.now += TimeDelta::milliseconds(1);
        let mut message = self.new_message(worker, Recipient::Contact(self.contact), rng);
        message.send_now = send_now;
        if self.uncertain.is_some() || self.failed.is_some() {
            // An uncertain message and the cool-down hold automatic ones.
            message.lane = Lane::Reply;
        }
        self.enqueue(message).await;
    }

    async fn claim(&mut self, worker: usize, rng: &mut StdRng) -> Claim {
        let claimer = self.workers[worker].claimer();
        let claim = self.store.claim(claimer, self.now, rng).await;
        claim.expect("a claim")
    }

    /// Takes a message that goes at once, its composition having lasted as planned.
    async fn take(&mut self, worker: usize, rng: &mut StdRng) -> Work {
        self.queue(worker, true, rng).await;
        let claim = self.claim(worker, rng).await;
        let Claim::Taken(work) = claim else {
            panic!("nothing was taken in run {}: {claim:?}", self.run);
        };
        self.now += work.plan.total();
        self.take_leases().await;
        *work
    }

    async fn open(&mut self, worker: usize, committed: bool, rng: &mut StdRng) {
        let work = self.take(worker, rng).await;
        if committed {
            self.commit(worker, &work).await;
        }
        self.open = Some(OpenAttempt {
            work,
            committed,
            worker,
        });
    }

    async fn commit(&self, worker: usize, work: &Work) {
        let claimer = self.workers[worker].claimer();
        let commit = self.store.commit(claimer, work, None, self.now).await;
        assert_eq!(commit.expect("an answer"), Commit::Committed);
    }

    /// A send that ended so.
    async fn ended_send(&mut self, worker: usize, answer: SendAnswer, rng: &mut StdRng) -> Work {
        let work = self.take(worker, rng).await;
        self.commit(worker, &work).await;
        let outcome = self.outcome(work.attempt, answer);
        self.now += TimeDelta::seconds(40);
        let claimer = self.workers[worker].claimer();
        let finished = self.store.finish(claimer, &outcome, self.now, rng).await;
        finished.expect("an answer");
        self.take_leases().await;
        work
    }

    /// A reply may follow.
    async fn guest_writes_again(&self) {
        for worker in &self.workers {
            let raw = format!("AGAIN{}{}", worker.session, self.run);
            let again = inbound(chat(self.run), &raw, self.now);
            self.record(&worker.session, &again).await;
        }
    }
}
