//! What the calls of one run are about: a guest who wrote to both spouses, messages of both to them, and the attempt or doubt that the
//! drawn operations need.

use chrono::TimeDelta;
use domain::{
    Timestamp,
    chat_id::ChatId,
    ids::{AttemptId, ContactId, GuestId, MessageId, UnknownWriterId},
    lane::Lane,
    outcome::SendAnswer,
    phone_number::PhoneNumber,
    release::{Rule, Rulebook},
    session::{SessionName, SessionState},
    wire::{ObservedMessage, OutcomeFact, OwnAccount, SendReply, SessionView},
};
use rand::{RngExt as _, rngs::StdRng};
use storage::{
    Actor, Claim, Commit, Enqueued, GuestRow, Lease, NewGuest, NewMessage, Recipient, Store, Work,
    testing::TestDatabase,
};

use super::{
    super::{
        inviting::says,
        stage::{TTL, Worker, chat, inbound, lid, phone, text},
    },
    operation::Operation,
};

/// Rules that only space messages out.
const SPACING: [Rule; 7] = [
    Rule::HourLimit,
    Rule::DayLimit,
    Rule::Gap,
    Rule::CoolDown,
    Rule::ContactHour,
    Rule::QuietHours,
    Rule::Unanswered,
];

/// An attempt that is open when the calls begin.
pub(super) struct OpenAttempt {
    pub(super) work: Work,
    pub(super) committed: bool,
    /// Which worker holds it.
    pub(super) worker: usize,
}

/// Everything that the calls of one run are about.
pub(super) struct World<'a> {
    pub(super) db: &'a TestDatabase,
    pub(super) store: Store,
    pub(super) person: Actor,
    pub(super) now: Timestamp,
    /// Numbers the guest, the sessions and the raw ids of this run.
    pub(super) run: u64,
    pub(super) workers: [Worker; 2],
    pub(super) guest: GuestRow,
    pub(super) contact: ContactId,
    /// Somebody who wrote under a hidden id and is on no list; for the operation that links them.
    pub(super) unknown: Option<UnknownWriterId>,
    pub(super) open: Option<OpenAttempt>,
    /// An attempt whose outcome is uncertain.
    pub(super) uncertain: Option<Work>,
    pub(super) messages: Vec<MessageId>,
    sent: u32,
}

impl<'a> World<'a> {
    /// Two connected sessions and a guest who wrote to both; then what the operations need.
    pub(super) async fn set_up(
        db: &'a TestDatabase,
        run: u64,
        operations: &[Operation],
        rng: &mut StdRng,
    ) -> World<'a> {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let now = now + TimeDelta::seconds(i64::try_from(run % 20_000).expect("a small number"));
        let store = db.store().keeping_unknown_writers();
        let names = ["groom", "bride"].map(|spouse| session(spouse, run));
        connect(&store, &names, run, now).await;
        let guest = NewGuest {
            id: GuestId::new(now, rng),
            name: format!("Guest {run}"),
            side: None,
            language: None,
            household: Some(format!("Household {run}")),
            phone: Some(phone(run)),
        };
        let guest = store.add_guest(&guest, now).await.expect("a guest");
        let book = if rng.random_bool(0.5) {
            Rulebook::default()
        } else {
            SPACING
                .into_iter()
                .fold(Rulebook::default(), Rulebook::and_without)
        };
        let workers = names.map(|name| Worker {
            book: book.clone(),
            ..Worker::new(name, now, rng)
        });
        let mut world = World {
            db,
            store,
            person: Actor::new("anna"),
            now,
            run,
            workers,
            contact: guest.contact.expect("with a number"),
            guest,
            unknown: None,
            open: None,
            uncertain: None,
            messages: Vec::new(),
            sent: 0,
        };
        world.take_leases().await;
        world.guest_wrote().await;
        world.prepare(operations, rng).await;
        world
    }

    /// The state that the operations start from.
    async fn prepare(&mut self, operations: &[Operation], rng: &mut StdRng) {
        let needs = |wanted: Operation| operations.contains(&wanted);
        if needs(Operation::Link) {
            self.somebody_unknown_wrote().await;
        }
        if needs(Operation::Merge) {
            self.hidden_contact(rng).await;
        }
        if needs(Operation::Settle) {
            let worker = rng.random_range(0..2);
            self.uncertain = Some(self.uncertain_send(worker, rng).await);
            // A reply may follow an uncertain message.
            for worker in &self.workers {
                let raw = format!("AGAIN{}{}", worker.session, self.run);
                let again = inbound(chat(self.run), &raw, self.now);
                self.record(&worker.session, &again).await;
            }
        }
        let composing = needs(Operation::Commit) || needs(Operation::GiveBack);
        let sending = !composing && needs(Operation::Finish);
        if composing || sending || rng.random_bool(0.4) {
            let worker = rng.random_range(0..2);
            let committed = sending || !composing && rng.random_bool(0.5);
            self.open(worker, committed, rng).await;
        }
        for worker in [0, 1, 1] {
            if rng.random_bool(0.7) {
                let send_now = rng.random_bool(0.2);
                self.queue(worker, send_now, rng).await;
            }
        }
        // Some messages already wait for what the operations may free.
        for worker in 0..2 {
            let holds = self.open.as_ref().is_some_and(|open| open.worker == worker);
            if self.open.is_some() && !holds && rng.random_bool(0.4) {
                self.claim(worker, rng).await;
            }
        }
        if rng.random_bool(0.2) {
            let suspend = format!(
                "UPDATE contact SET suspended_at = 1 WHERE id = '{}'",
                self.contact
            );
            self.db.execute(&suspend).await.expect("suspended");
        }
    }

    async fn take_leases(&mut self) {
        for worker in &mut self.workers {
            let lease = self
                .store
                .take_lease(&worker.session, worker.owner, TTL, self.now)
                .await;
            let Ok(Lease::Taken { epoch }) = lease else {
                panic!("no lease: {lease:?}");
            };
            worker.epoch = epoch;
        }
    }

    async fn guest_wrote(&self) {
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

    pub(super) fn hidden_chat(&self) -> ChatId {
        lid(self.run + 100_000)
    }

    pub(super) async fn record(&self, session: &SessionName, message: &ObservedMessage) {
        let recorded = self.store.record_message(session, message, self.now).await;
        recorded.expect("recorded");
    }

    pub(super) fn new_message(&self, worker: usize, to: Recipient, rng: &mut StdRng) -> NewMessage {
        let lanes = [Lane::Reply, Lane::Manual];
        NewMessage {
            id: MessageId::new(self.now, rng),
            session: self.workers[worker].session.clone(),
            to,
            text: text("Save the date"),
            lane: lanes[rng.random_range(0..2)],
            priority: 0,
            not_before: None,
            not_after: None,
            drop_if_answered: rng.random_bool(0.2),
            reply_to: None,
            send_now: false,
            broadcast: None,
            link_preview: false,
        }
    }

    async fn enqueue(&mut self, message: NewMessage) {
        let id = message.id;
        let enqueued = self.store.enqueue(&[message], None, self.now).await;
        assert!(matches!(enqueued, Ok(Enqueued::New(_))), "{enqueued:?}");
        self.messages.push(id);
    }

    async fn queue(&mut self, worker: usize, send_now: bool, rng: &mut StdRng) {
        self.now += TimeDelta::milliseconds(1);
        let mut message = self.new_message(worker, Recipient::Contact(self.contact), rng);
        message.send_now = send_now;
        if self.uncertain.is_some() {
            // An uncertain message holds automatic ones.
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

    async fn uncertain_send(&mut self, worker: usize, rng: &mut StdRng) -> Work {
        let work = self.take(worker, rng).await;
        self.commit(worker, &work).await;
        let outcome = self.outcome(work.attempt, SendAnswer::Unclear);
        self.now += TimeDelta::seconds(40);
        let claimer = self.workers[worker].claimer();
        let finished = self.store.finish(claimer, &outcome, self.now, rng).await;
        finished.expect("an answer");
        self.take_leases().await;
        self.sent += 1;
        work
    }

    /// WAHA's answer, one second after the call.
    pub(super) fn outcome(&self, attempt: AttemptId, answer: SendAnswer) -> OutcomeFact {
        OutcomeFact {
            attempt,
            reply: SendReply {
                answer,
                started_at: self.now,
                answered_at: self.now + TimeDelta::seconds(1),
            },
        }
    }
}

fn session(spouse: &str, run: u64) -> SessionName {
    SessionName::parse(&format!("{spouse}-{run}")).expect("a name")
}

pub(super) fn own_number(prefix: &str, run: u64) -> PhoneNumber {
    PhoneNumber::from_whatsapp(&format!("{prefix}{run:06}")).expect("a number")
}

/// A session that is connected as that number.
pub(super) fn connected(number: &PhoneNumber, at: Timestamp) -> SessionView {
    SessionView {
        state: SessionState::Connected,
        problem: None,
        own: Some(OwnAccount {
            chat: ChatId::Phone(number.digits().to_owned()),
            name: None,
        }),
        restriction: None,
        server: None,
        at,
    }
}

/// Both sessions, each paired with a number of its own a month ago.
async fn connect(store: &Store, names: &[SessionName; 2], run: u64, now: Timestamp) {
    let paired = now - TimeDelta::days(30);
    store
        .ensure_sessions(names, paired)
        .await
        .expect("sessions");
    for (name, prefix) in names.iter().zip(["393331", "393332"]) {
        let number = own_number(prefix, run);
        for at in [paired, now - TimeDelta::minutes(1)] {
            store
                .record_session(name, &connected(&number, at), at)
                .await
                .expect("recorded");
        }
    }
}
