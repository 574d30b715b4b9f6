//! Two workers, crashes and pauses at any moment: nothing twice, nothing lost (design §8).

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use domain::{
    ids::{AttemptId, MessageId, WorkerId},
    message_status::MessageStatus,
    outcome::SendAnswer,
    release::{Rule, Rulebook},
    session::SessionState,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use storage::{
    Changed, Claim, Commit, Finished, Lease, Recorded, ReleaseReason, Work, testing::TestDatabase,
};

use super::stage::{Stage, TTL, Worker, accepted, groom};

// ---- at once ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn of_two_claims_at_once_one_takes_the_message() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let (store, worker, now) = (stage.store(), stage.worker.clone(), stage.now);
        let (mut one, mut two) = (StdRng::seed_from_u64(1), StdRng::seed_from_u64(2));
        let (first, second) = tokio::join!(
            store.claim(worker.claimer(), now, &mut one),
            store.claim(worker.claimer(), now, &mut two)
        );
        let taken = [first.unwrap(), second.unwrap()]
            .iter()
            .filter(|claim| matches!(claim, Claim::Taken(_)))
            .count();
        assert_eq!(taken, 1);
    }
}

/// Whoever comes first wins, and both are told the truth.
#[tokio::test]
async fn a_commit_and_whatever_stops_it_agree_on_who_was_first() {
    for mut stage in Stage::each().await {
        for n in 0..12_u64 {
            let contact = stage.writer(n).await;
            let message = stage
                .queue_with(contact, |m| {
                    m.send_now = true;
                    m.drop_if_answered = true;
                })
                .await;
            let work = stage.taken().await;
            stage.later(TimeDelta::seconds(20));
            stage.take_lease().await;
            let (store, person, session) = (stage.store(), Stage::person(), groom());
            let commit = store.commit(stage.claimer(), &work, None, stage.now);
            match n % 3 {
                0 => {
                    let cancel = store.cancel(message, &person, stage.now);
                    let (commit, cancelled) = tokio::join!(commit, cancel);
                    let cancelled = matches!(cancelled.unwrap(), Changed::Done(_));
                    assert_eq!(commit.unwrap() == Commit::Committed, !cancelled);
                }
                1 => {
                    let pause = store.pause(&session, &person, stage.now);
                    let (commit, paused) = tokio::join!(commit, pause);
                    let committed = paused.unwrap().committed.contains(&message);
                    assert_eq!(commit.unwrap() == Commit::Committed, committed);
                    store.resume(&session, &person, stage.now).await.unwrap();
                }
                _ => {
                    let writes = stage.writes(n, stage.now);
                    let (commit, recorded) = tokio::join!(commit, writes);
                    assert!(matches!(recorded, Recorded::Inbound { new: true, .. }));
                    let cancelled = stage.status(message).await == MessageStatus::Cancelled;
                    assert_eq!(commit.unwrap() == Commit::Committed, !cancelled);
                }
            }
            // Out of the way of the next.
            if stage.status(message).await == MessageStatus::Sending {
                stage
                    .finish(work.attempt, accepted(&format!("RAW{n}")))
                    .await;
            }
            stage.tamper("UPDATE whatsapp_message_queue SET status = 'cancelled' WHERE status = 'pending'").await;
            stage.later(TimeDelta::minutes(5));
            stage.take_lease().await;
        }
    }
}

/// A new holder and the old one commit at the same moment: only one of them may.
#[tokio::test]
async fn the_old_holder_cannot_commit_beside_the_new_one() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        let old = stage.worker.clone();
        stage.later(TimeDelta::seconds(14));
        let (store, now) = (stage.store(), stage.now);
        let over = now + TimeDelta::seconds(20);
        let other = WorkerId::new(now, &mut stage.dice);
        let session = groom();
        let (commit, lease) = tokio::join!(
            store.commit(old.claimer(), &work, None, now),
            store.take_lease(&session, other, TTL, over)
        );
        let committed = commit.unwrap() == Commit::Committed;
        assert!(matches!(lease.unwrap(), Lease::Taken { .. }));
        let open = store.open_attempts(&session).await.unwrap();
        let sending = open[0].status == MessageStatus::Sending;
        assert_eq!(committed, sending);
    }
}

// ---- every interleaving that the dice find -----------------------------------------------------------------------

/// WAHA and the integration: an attempt's call is made at most once, and never for an older epoch than the newest fence.
#[derive(Default)]
struct Outside {
    fence: i64,
    called: HashMap<AttemptId, String>,
    arrived: Vec<MessageId>,
}

impl Outside {
    fn send(&mut self, epoch: i64, work: &Work) -> SendAnswer {
        if epoch < self.fence || self.called.contains_key(&work.attempt) {
            return SendAnswer::NeverCalled;
        }
        let raw_id = format!("RAW{}", self.called.len());
        self.called.insert(work.attempt, raw_id.clone());
        self.arrived.push(work.message);
        accepted(&raw_id)
    }

    fn outcome_of(&self, attempt: AttemptId, forgot: bool) -> SendAnswer {
        match self.called.get(&attempt) {
            Some(_) if forgot => SendAnswer::Unclear,
            Some(raw_id) => accepted(raw_id),
            None => SendAnswer::NeverCalled,
        }
    }
}

/// What a worker has in its hands.
enum Hands {
    NoLease,
    Empty,
    Composing(Box<Work>),
    Committed(Box<Work>),
    Answered(AttemptId, SendAnswer),
}

struct Play {
    stage: Stage,
    outside: Outside,
    workers: [(Worker, Hands); 2],
    chance: StdRng,
}

impl Play {
    async fn new(db: TestDatabase, seed: u64, messages: u64) -> (Self, HashSet<MessageId>) {
        let mut stage = Stage::on(db).await;
        // What only spaces messages out would make the play long, not better.
        let spacing = [
            Rule::HourLimit,
            Rule::DayLimit,
            Rule::Gap,
            Rule::CoolDown,
            Rule::ContactHour,
            Rule::QuietHours,
            Rule::Unanswered,
            Rule::CircuitBreaker,
        ];
        stage.book = spacing
            .into_iter()
            .fold(Rulebook::default(), Rulebook::and_without);
        let mut queued = HashSet::new();
        for n in 0..messages {
            let contact = stage.writer(n % 3).await;
            queued.insert(stage.queue(contact).await);
        }
        let mut chance = StdRng::seed_from_u64(seed);
        let worker = stage.worker.clone();
        let workers = [(); 2].map(|()| {
            let owner = WorkerId::new(stage.now, &mut chance);
            (
                Worker {
                    owner,
                    ..worker.clone()
                },
                Hands::NoLease,
            )
        });
        stage.later(TimeDelta::seconds(40));
        let outside = Outside::default();
        (
            Self {
                stage,
                outside,
                workers,
                chance,
            },
            queued,
        )
    }

    /// One worker does its next thing; sometimes time passes, sometimes it dies and comes back as somebody else.
    async fn step(&mut self) {
        let who = self.chance.random_range(0..2);
        match self.chance.random_range(0..20) {
            0..4 => {
                let secs = self.chance.random_range(1..=20);
                self.stage.later(TimeDelta::seconds(secs));
            }
            4 => {
                self.workers[who].0.owner = WorkerId::new(self.stage.now, &mut self.chance);
                self.workers[who].1 = Hands::NoLease;
            }
            5..8 => self.renew(who).await,
            _ => self.act(who).await,
        }
    }

    async fn renew(&mut self, who: usize) {
        let worker = &self.workers[who].0;
        let epochs = [(groom(), worker.epoch)];
        let store = self.stage.store();
        store
            .renew_leases(worker.owner, &epochs, TTL, self.stage.now)
            .await
            .unwrap();
    }

    async fn act(&mut self, who: usize) {
        let worker = self.workers[who].0.clone();
        let hands = std::mem::replace(&mut self.workers[who].1, Hands::NoLease);
        let (store, now) = (self.stage.store(), self.stage.now);
        self.workers[who].1 = match hands {
            Hands::NoLease => return self.take_over(who).await,
            Hands::Empty => match store
                .claim(worker.claimer(), now, &mut self.chance)
                .await
                .unwrap()
            {
                Claim::Taken(work) => Hands::Composing(work),
                Claim::Idle { .. } | Claim::Open => Hands::Empty,
                Claim::StaleEpoch => Hands::NoLease,
            },
            Hands::Composing(work) => match store
                .commit(worker.claimer(), &work, None, now)
                .await
                .unwrap()
            {
                Commit::Committed => Hands::Committed(work),
                Commit::NotYet(_) | Commit::LeaseTooShort => Hands::Composing(work),
                Commit::Back(_) | Commit::Ended | Commit::Changed => Hands::Empty,
                Commit::StaleEpoch => Hands::NoLease,
            },
            Hands::Committed(work) => {
                let answer = self.outside.send(worker.epoch, &work);
                Hands::Answered(work.attempt, answer)
            }
            Hands::Answered(attempt, answer) => {
                let outcome = self.stage.outcome(attempt, answer);
                match store
                    .finish(worker.claimer(), &outcome, now, &mut self.chance)
                    .await
                    .unwrap()
                {
                    Finished::StaleEpoch => Hands::NoLease,
                    _ => Hands::Empty,
                }
            }
        };
    }

    /// Takes the session, fences, and ends what others left open: as a new holder must.
    async fn take_over(&mut self, who: usize) {
        let (store, now) = (self.stage.store(), self.stage.now);
        let owner = self.workers[who].0.owner;
        let Lease::Taken { epoch } = store.take_lease(&groom(), owner, TTL, now).await.unwrap()
        else {
            return;
        };
        self.outside.fence = epoch;
        self.workers[who].0.epoch = epoch;
        let worker = self.workers[who].0.clone();
        for open in store.open_attempts(&groom()).await.unwrap() {
            if open.status == MessageStatus::Composing {
                store
                    .release(worker.claimer(), open.attempt, ReleaseReason::Stopping, now)
                    .await
                    .unwrap();
            } else {
                let forgot = self.chance.random_range(0..3) == 0;
                let answer = self.outside.outcome_of(open.attempt, forgot);
                let outcome = self.stage.outcome(open.attempt, answer);
                store
                    .finish(worker.claimer(), &outcome, now, &mut self.chance)
                    .await
                    .unwrap();
            }
        }
        self.workers[who].1 = Hands::Empty;
    }

    /// Until everything that can go has gone, with one worker and all the time it needs.
    async fn play_out(&mut self) {
        self.workers[1].1 = Hands::NoLease;
        self.workers[0].1 = Hands::NoLease;
        for _ in 0..60 {
            self.stage.later(TimeDelta::seconds(31));
            self.stage
                .sees(&groom(), SessionState::Connected, self.stage.now)
                .await;
            self.take_over(0).await;
            for _ in 0..4 {
                self.act(0).await;
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_twice_and_nothing_is_lost_whatever_the_interleaving() {
    for seed in 0..5 {
        for db in TestDatabase::each().await {
            let (mut play, queued) = Play::new(db, seed, 9).await;
            for _ in 0..160 {
                play.step().await;
            }
            play.play_out().await;
            let arrived: HashSet<_> = play.outside.arrived.iter().copied().collect();
            assert_eq!(
                arrived.len(),
                play.outside.arrived.len(),
                "twice, seed {seed}"
            );
            for message in queued {
                let row = play.stage.row(message).await;
                match row.status {
                    MessageStatus::Sent | MessageStatus::Uncertain => {
                        assert!(arrived.contains(&message), "lost, seed {seed}");
                    }
                    // Broken off so often that a person has to look: told, and not lost.
                    MessageStatus::Pending => {
                        assert!(
                            !arrived.contains(&message) && row.wait.is_some(),
                            "seed {seed}"
                        );
                    }
                    other => panic!("{other}, seed {seed}"),
                }
            }
            let slots = "SELECT CAST(count(*) AS BIGINT) AS value FROM send_reservation WHERE state = 'committed'";
            let counted = play.stage.int(slots).await;
            assert_eq!(counted, i64::try_from(arrived.len()).ok(), "seed {seed}");
        }
    }
}
