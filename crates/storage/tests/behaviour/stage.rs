//! A stage for the worker's stories: one database, two connected sessions, a lease, guests, and the time in our hands.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    config::{GlobalConfig, Pacing},
    ids::{AttemptId, ContactId, GuestId, MessageId, WorkerId},
    lane::Lane,
    message_status::MessageStatus,
    outcome::SendAnswer,
    release::{ReleaseRules, Rulebook},
    session::{SessionName, SessionState},
    wait::Wait,
    wire::{ObservedMessage, OutcomeFact, SendReply},
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{
    Actor, Claim, Claimer, Commit, Enqueued, Finished, Lease, MessageRow, NewGuest, NewMessage,
    Recheck, Recipient, Recorded, ReleaseOutcome, ReleaseReason, Store, Work,
    testing::TestDatabase,
};

pub(crate) use super::cast::{
    accepted, bride, chat, even_pace, groom, inbound, lid, own, phone, text, view,
};

/// The lease of these stories; commits want 15 s of it.
pub(crate) const TTL: Duration = Duration::from_secs(30);

/// Everything a story needs.
pub(crate) struct Stage {
    pub(crate) db: TestDatabase,
    pub(crate) now: Timestamp,
    pub(crate) worker: Worker,
    pub(crate) dice: StdRng,
}

/// A worker with its lease and its rules.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) session: SessionName,
    pub(crate) owner: WorkerId,
    pub(crate) epoch: i64,
    pub(crate) book: Rulebook,
    pub(crate) rules: ReleaseRules,
    pub(crate) pacing: Pacing,
}

impl Worker {
    pub(crate) fn new(session: SessionName, now: Timestamp, dice: &mut StdRng) -> Self {
        let config = GlobalConfig::default();
        Self {
            session,
            owner: WorkerId::new(now, dice),
            epoch: 0,
            book: Rulebook::default(),
            rules: ReleaseRules::from_config(&config),
            pacing: config.pacing,
        }
    }

    pub(crate) fn claimer(&self) -> Claimer<'_> {
        Claimer {
            session: &self.session,
            owner: self.owner,
            epoch: self.epoch,
            book: &self.book,
            rules: &self.rules,
            pacing: &self.pacing,
        }
    }
}

// The worker's own things are what most stories touch.
impl Deref for Stage {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        &self.worker
    }
}

impl DerefMut for Stage {
    fn deref_mut(&mut self) -> &mut Worker {
        &mut self.worker
    }
}

impl Stage {
    /// The same stage on both databases: noon in Rome, the number a month old, the lease taken.
    pub(crate) async fn each() -> Vec<Self> {
        let mut stages = Vec::new();
        for db in TestDatabase::each().await {
            stages.push(Self::on(db).await);
        }
        stages
    }

    pub(crate) async fn on(db: TestDatabase) -> Self {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let mut dice = StdRng::seed_from_u64(7);
        let worker = Worker::new(groom(), now, &mut dice);
        let mut stage = Self {
            db,
            now,
            worker,
            dice,
        };
        let names = [groom(), bride()];
        let paired = now - TimeDelta::days(30);
        stage
            .store()
            .ensure_sessions(&names, paired)
            .await
            .expect("sessions");
        for name in &names {
            for at in [paired, now - TimeDelta::minutes(1)] {
                stage.sees(name, SessionState::Connected, at).await;
            }
        }
        stage.take_lease().await;
        stage
    }

    pub(crate) fn store(&self) -> Store {
        self.db.store().keeping_unknown_writers()
    }

    pub(crate) fn later(&mut self, time: TimeDelta) {
        self.now += time;
    }

    pub(crate) async fn take_lease(&mut self) {
        let lease = self
            .store()
            .take_lease(&self.session, self.owner, TTL, self.now)
            .await
            .expect("a lease");
        let Lease::Taken { epoch } = lease else {
            panic!("the lease is held");
        };
        self.epoch = epoch;
    }

    /// The pause after the first try that ended without a send is over.
    pub(crate) async fn backed_off(&mut self) {
        self.later(TimeDelta::seconds(30));
        self.take_lease().await;
    }

    /// The integration saw the session in that state.
    pub(crate) async fn sees(&self, session: &SessionName, state: SessionState, at: Timestamp) {
        let view = view(session, state, at);
        self.store()
            .record_session(session, &view, at)
            .await
            .expect("recorded");
    }

    /// The n-th guest, who has not written.
    pub(crate) async fn guest(&mut self, n: u64) -> ContactId {
        let guest = NewGuest {
            id: GuestId::new(self.now, &mut self.dice),
            name: format!("Guest {n}"),
            side: None,
            language: None,
            household: None,
            phone: Some(phone(n)),
        };
        self.store()
            .add_guest(&guest, self.now)
            .await
            .expect("a guest")
            .contact
            .expect("with a number")
    }

    /// The n-th guest, who wrote two days ago.
    pub(crate) async fn writer(&mut self, n: u64) -> ContactId {
        let contact = self.guest(n).await;
        self.writes(n, self.now - TimeDelta::days(2)).await;
        contact
    }

    /// The n-th guest writes to our session.
    pub(crate) async fn writes(&self, n: u64, at: Timestamp) -> Recorded {
        let raw = format!("IN{n}AT{}", at.timestamp_millis());
        self.record(&inbound(chat(n), &raw, at)).await
    }

    pub(crate) async fn record(&self, message: &ObservedMessage) -> Recorded {
        self.store()
            .record_message(&self.session, message, self.now)
            .await
            .expect("recorded")
    }

    /// Makes a contact one that is known by its hidden id only.
    pub(crate) async fn hide_number(&self, contact: ContactId, n: u64) {
        let ChatId::Lid(lid) = lid(n) else {
            panic!("a hidden id is a LID");
        };
        for sql in [
            format!("UPDATE contact SET phone = NULL WHERE id = '{contact}'"),
            format!("INSERT INTO contact_lid (lid, contact_id) VALUES ('{lid}', '{contact}')"),
        ] {
            self.tamper(&sql).await;
        }
    }

    /// A message to a contact, as the API would queue it.
    pub(crate) fn new_message(&mut self, to: impl Into<Recipient>) -> NewMessage {
        NewMessage {
            id: MessageId::new(self.now, &mut self.dice),
            session: self.session.clone(),
            to: to.into(),
            text: text("Save the date"),
            lane: Lane::Manual,
            priority: 0,
            not_before: None,
            not_after: None,
            drop_if_answered: false,
            reply_to: None,
            send_now: false,
            broadcast: None,
            link_preview: false,
        }
    }

    pub(crate) async fn enqueue(&self, messages: &[NewMessage]) {
        let enqueued = self
            .store()
            .enqueue(messages, None, self.now)
            .await
            .expect("enqueued");
        assert!(matches!(enqueued, Enqueued::New(_)), "{enqueued:?}");
    }

    /// Queues an automatic message, a moment after the last.
    pub(crate) async fn queue(&mut self, to: impl Into<Recipient>) -> MessageId {
        self.queue_with(to, |_| {}).await
    }

    pub(crate) async fn queue_with(
        &mut self,
        to: impl Into<Recipient>,
        change: impl FnOnce(&mut NewMessage),
    ) -> MessageId {
        self.now += TimeDelta::milliseconds(1);
        let mut message = self.new_message(to);
        change(&mut message);
        self.enqueue(std::slice::from_ref(&message)).await;
        message.id
    }

    pub(crate) async fn claim(&mut self) -> Claim {
        let (store, now) = (self.store(), self.now);
        let Self { worker, dice, .. } = self;
        store
            .claim(worker.claimer(), now, dice)
            .await
            .expect("a claim")
    }

    pub(crate) async fn taken(&mut self) -> Work {
        match self.claim().await {
            Claim::Taken(work) => *work,
            other => panic!("nothing was taken: {other:?}"),
        }
    }

    pub(crate) async fn idle(&mut self) -> (Option<Timestamp>, Option<Wait>) {
        match self.claim().await {
            Claim::Idle { next, waiting } => (next, waiting),
            other => panic!("not idle: {other:?}"),
        }
    }

    pub(crate) async fn recheck(&self, work: &Work) -> Recheck {
        let at = self.now + work.plan.total();
        self.store()
            .recheck(self.claimer(), work, at, self.now)
            .await
            .expect("an answer")
    }

    pub(crate) async fn release(&self, attempt: AttemptId, why: ReleaseReason) -> ReleaseOutcome {
        self.store()
            .release(self.claimer(), attempt, why, self.now)
            .await
            .expect("an answer")
    }

    pub(crate) async fn commit(&self, work: &Work) -> Commit {
        self.store()
            .commit(self.claimer(), work, None, self.now)
            .await
            .expect("an answer")
    }

    /// A taken message to the first guest, its composition having lasted as planned, with a fresh lease.
    pub(crate) async fn composed(&mut self) -> Work {
        let contact = self.writer(1).await;
        self.queue(contact).await;
        let work = self.taken().await;
        self.now += work.plan.total();
        self.take_lease().await;
        work
    }

    /// Takes and commits the next message, its composition having lasted as planned.
    pub(crate) async fn committed(&mut self) -> Work {
        let work = self.taken().await;
        self.now += work.plan.total();
        self.take_lease().await;
        assert_eq!(self.commit(&work).await, Commit::Committed);
        work
    }

    /// WAHA's answer comes one second after the call.
    pub(crate) fn outcome(&self, attempt: AttemptId, answer: SendAnswer) -> OutcomeFact {
        OutcomeFact {
            attempt,
            reply: SendReply {
                answer,
                started_at: self.now,
                answered_at: self.now + TimeDelta::seconds(1),
            },
        }
    }

    pub(crate) async fn finish(&mut self, attempt: AttemptId, answer: SendAnswer) -> Finished {
        let outcome = self.outcome(attempt, answer);
        self.now += TimeDelta::seconds(1);
        self.finish_with(&outcome).await
    }

    pub(crate) async fn finish_with(&mut self, outcome: &OutcomeFact) -> Finished {
        let (store, now) = (self.store(), self.now);
        let Self { worker, dice, .. } = self;
        store
            .finish(worker.claimer(), outcome, now, dice)
            .await
            .expect("an answer")
    }

    /// Takes, commits and sends the next message.
    pub(crate) async fn sent(&mut self, raw_id: &str) -> Work {
        let work = self.committed().await;
        let finished = self.finish(work.attempt, accepted(raw_id)).await;
        assert_eq!(finished, Finished::Sent);
        work
    }

    /// Takes and commits the next message; its call ends without an answer.
    pub(crate) async fn doubted(&mut self) -> Work {
        let work = self.committed().await;
        let finished = self.finish(work.attempt, SendAnswer::Unclear).await;
        assert_eq!(finished, Finished::Uncertain);
        work
    }

    pub(crate) async fn row(&self, id: MessageId) -> MessageRow {
        self.store()
            .message(id)
            .await
            .expect("an answer")
            .expect("there is such a message")
    }

    pub(crate) async fn status(&self, id: MessageId) -> MessageStatus {
        self.row(id).await.status
    }

    /// One integer: the column `value` of the only row.
    pub(crate) async fn int(&self, sql: &str) -> Option<i64> {
        self.db.ints(sql).await.into_iter().next().flatten()
    }

    /// One text: the column `value` of the only row.
    pub(crate) async fn text(&self, sql: &str) -> Option<String> {
        self.db.texts(sql).await.into_iter().next().flatten()
    }

    pub(crate) async fn tamper(&self, sql: &str) {
        self.db.execute(sql).await.expect("tampered");
    }

    pub(crate) fn person() -> Actor {
        Actor::new("anna")
    }
}
