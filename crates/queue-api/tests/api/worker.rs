//! What the worker does to the store, so that messages get where the tests need them.

use std::time::Duration;

use domain::config::{GlobalConfig, PaceProfile, Pacing};
use domain::ids::{AttemptId, MessageId, WorkerId};
use domain::outcome::SendAnswer;
use domain::release::{ReleaseRules, Rulebook};
use domain::session::SessionName;
use domain::wire::{OutcomeFact, SendReply};
use rand::SeedableRng;
use rand::rngs::StdRng;
use storage::{Claim, Claimer, Commit, Lease, ReleaseOutcome, ReleaseReason, Work};

use crate::world::{World, groom, noon};

/// What a worker works with.
pub(crate) struct Hand {
    session: SessionName,
    owner: WorkerId,
    epoch: i64,
    book: Rulebook,
    rules: ReleaseRules,
    pacing: Pacing,
}

impl Hand {
    pub(crate) fn new() -> Self {
        let config = GlobalConfig::default();
        Self {
            session: groom(),
            owner: WorkerId::new(noon(), &mut StdRng::seed_from_u64(1)),
            epoch: 0,
            book: Rulebook::default(),
            rules: PaceProfile::Production.rules(&config),
            pacing: PaceProfile::Production.pacing(&config),
        }
    }

    fn claimer(&self) -> Claimer<'_> {
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

impl World {
    /// The worker takes the next message of the groom: it is composing then.
    pub(crate) async fn worker_claims(&mut self) -> Work {
        let now = self.clock.now();
        let an_hour = Duration::from_hours(1);
        let lease = self
            .store
            .take_lease(&groom(), self.hand.owner, an_hour, now)
            .await
            .unwrap();
        let Lease::Taken { epoch, .. } = lease else {
            panic!("{lease:?}")
        };
        self.hand.epoch = epoch;
        match self
            .store
            .claim(self.hand.claimer(), now, &mut self.dice)
            .await
            .unwrap()
        {
            Claim::Taken(work) => *work,
            other => panic!("{other:?}"),
        }
    }

    /// The connection breaks while the worker composes: the message is pending again.
    pub(crate) async fn worker_loses_composition(&mut self) {
        let work = self.worker_claims().await;
        let (claimer, now) = (self.hand.claimer(), self.clock.now());
        let released = self
            .store
            .release(claimer, work.attempt, ReleaseReason::Lost, now);
        let released = released.await.unwrap();
        assert!(
            matches!(released, ReleaseOutcome::Pending { .. }),
            "{released:?}"
        );
    }

    /// The worker asks for the point of no return.
    pub(crate) async fn worker_commits(&self, work: &Work) -> Commit {
        let now = self.clock.now();
        self.store
            .commit(self.hand.claimer(), work, None, now)
            .await
            .unwrap()
    }

    /// The worker takes the next message past the point of no return.
    pub(crate) async fn worker_is_sending(&mut self) -> Work {
        let work = self.worker_claims().await;
        let commit = self.worker_commits(&work).await;
        assert!(matches!(commit, Commit::Committed), "{commit:?}");
        work
    }

    /// The call ended, and this is what its answer was.
    pub(crate) async fn worker_finishes(&mut self, work: &Work, answer: SendAnswer) {
        let outcome = self.outcome(work.attempt, answer);
        let now = self.clock.now();
        self.store
            .finish(self.hand.claimer(), &outcome, now, &mut self.dice)
            .await
            .unwrap();
    }

    pub(crate) fn outcome(&self, attempt: AttemptId, answer: SendAnswer) -> OutcomeFact {
        let now = self.clock.now();
        OutcomeFact {
            attempt,
            reply: SendReply {
                answer,
                started_at: now,
                answered_at: now,
            },
        }
    }

    /// A message to Anna of which nobody can say whether it left, and its attempt.
    pub(crate) async fn uncertain_message(&mut self) -> (MessageId, AttemptId) {
        let id = self.ready_message().await;
        let work = self.worker_is_sending().await;
        assert_eq!(work.message, id);
        self.worker_finishes(&work, SendAnswer::Unclear).await;
        assert_eq!(
            self.get(&format!("/messages/{id}")).await.body["status"],
            "uncertain"
        );
        (id, work.attempt)
    }
}
