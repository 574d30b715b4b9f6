//! One worker at a time, and nothing from an older epoch.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    ids::{AttemptId, WorkerId},
    outcome::SendAnswer,
};
use storage::{Claim, Commit, Finished, Lease, Recheck, ReleaseOutcome, ReleaseReason};

use super::stage::{Stage, TTL, bride, groom};

fn ttl() -> TimeDelta {
    TimeDelta::from_std(TTL).expect("short")
}

#[tokio::test]
async fn a_lease_is_held_until_it_ends_and_its_epoch_only_grows() {
    for mut stage in Stage::each().await {
        let store = stage.store();
        let other = WorkerId::new(stage.now, &mut stage.dice);
        let first = stage.epoch;
        let held = store.take_lease(&groom(), other, TTL, stage.now).await;
        let until = stage.now + ttl();
        assert_eq!(
            held.unwrap(),
            Lease::Held {
                by: stage.owner,
                until
            }
        );
        stage.later(ttl());
        let taken = store.take_lease(&groom(), other, TTL, stage.now).await;
        assert_eq!(taken.unwrap(), Lease::Taken { epoch: first + 1 });
        let again = store.take_lease(&groom(), other, TTL, stage.now).await;
        assert_eq!(again.unwrap(), Lease::Taken { epoch: first + 2 });
    }
}

#[tokio::test]
async fn renewing_tells_which_leases_are_still_ours() {
    for mut stage in Stage::each().await {
        let store = stage.store();
        let (us, them) = (stage.owner, WorkerId::new(stage.now, &mut stage.dice));
        let taken = store.take_lease(&bride(), us, TTL, stage.now).await;
        assert_eq!(taken.unwrap(), Lease::Taken { epoch: 1 });
        // Over, but nobody took it: it is ours still.
        stage.later(ttl() * 2);
        let epochs = [(groom(), stage.epoch), (bride(), 1)];
        let ours = store.renew_leases(us, &epochs, TTL, stage.now).await;
        assert_eq!(ours.unwrap(), [groom(), bride()]);
        let held = store.take_lease(&bride(), them, TTL, stage.now).await;
        assert!(matches!(held.unwrap(), Lease::Held { .. }));
        stage.later(ttl());
        let taken = store.take_lease(&bride(), them, TTL, stage.now).await;
        assert_eq!(taken.unwrap(), Lease::Taken { epoch: 2 });
        let ours = store.renew_leases(us, &epochs, TTL, stage.now).await;
        assert_eq!(ours.unwrap(), [groom()]);
    }
}

/// Its holder is gone, and cannot renew it. The clocks of two machines may differ by some seconds.
#[tokio::test]
async fn a_lease_from_before_the_clock_was_set_back_can_be_taken_at_once() {
    for mut stage in Stage::each().await {
        let store = stage.store();
        let other = WorkerId::new(stage.now, &mut stage.dice);
        let epochs = [(groom(), stage.epoch)];
        let renewed = store.renew_leases(stage.owner, &epochs, TTL, stage.now);
        assert_eq!(renewed.await.unwrap(), [groom()]);
        let behind = stage.now - TimeDelta::seconds(10);
        let held = store.take_lease(&groom(), other, TTL, behind).await;
        assert!(matches!(held.unwrap(), Lease::Held { .. }));
        let set_back = stage.now - TimeDelta::minutes(50);
        let taken = store.take_lease(&groom(), other, TTL, set_back).await;
        assert!(matches!(taken.unwrap(), Lease::Taken { .. }));
    }
}

#[tokio::test]
async fn a_lease_that_was_given_back_can_be_taken_at_once() {
    for mut stage in Stage::each().await {
        let store = stage.store();
        let other = WorkerId::new(stage.now, &mut stage.dice);
        let (owner, epoch) = (stage.owner, stage.epoch);
        assert!(!store.release_lease(&groom(), other, epoch).await.unwrap());
        assert!(
            !store
                .release_lease(&groom(), owner, epoch + 1)
                .await
                .unwrap()
        );
        assert!(store.release_lease(&groom(), owner, epoch).await.unwrap());
        assert!(matches!(stage.claim().await, Claim::StaleEpoch));
        let taken = store.take_lease(&groom(), other, TTL, stage.now).await;
        assert_eq!(taken.unwrap(), Lease::Taken { epoch: epoch + 1 });
    }
}

#[tokio::test]
async fn of_two_workers_that_ask_at_once_one_gets_the_lease() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.store(), stage.store());
        let now = stage.now + ttl();
        let workers = [(); 2].map(|()| WorkerId::new(now, &mut stage.dice));
        let session = groom();
        let (first, second) = tokio::join!(
            one.take_lease(&session, workers[0], TTL, now),
            two.take_lease(&session, workers[1], TTL, now)
        );
        let taken = [first.unwrap(), second.unwrap()]
            .iter()
            .filter(|lease| matches!(lease, Lease::Taken { .. }))
            .count();
        assert_eq!(taken, 1);
    }
}

/// Every call that acts for a holder is refused with the old epoch, and changes nothing.
#[tokio::test]
async fn an_older_epoch_is_refused_everywhere() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        let old = stage.worker.clone();
        stage.later(TimeDelta::seconds(31));
        stage.worker.owner = WorkerId::new(stage.now, &mut stage.dice);
        stage.take_lease().await;
        let (store, now) = (stage.store(), stage.now);
        let before = format!("{:?}", stage.row(message).await);

        let claim = store.claim(old.claimer(), now, &mut stage.dice).await;
        assert!(matches!(claim.unwrap(), Claim::StaleEpoch));
        let recheck = store.recheck(old.claimer(), &work, now, now).await;
        assert_eq!(recheck.unwrap(), Recheck::StaleEpoch);
        let snapshot = [String::from("RAW")];
        let kept = store
            .record_snapshot(old.claimer(), work.attempt, &snapshot)
            .await;
        assert!(!kept.unwrap());
        let commit = store.commit(old.claimer(), &work, None, now).await;
        assert_eq!(commit.unwrap(), Commit::StaleEpoch);
        let why = ReleaseReason::Lost;
        let released = store.release(old.claimer(), work.attempt, why, now).await;
        assert_eq!(released.unwrap(), ReleaseOutcome::StaleEpoch);
        let outcome = stage.outcome(work.attempt, SendAnswer::Unclear);
        let finished = store
            .finish(old.claimer(), &outcome, now, &mut stage.dice)
            .await;
        assert_eq!(finished.unwrap(), Finished::StaleEpoch);
        assert_eq!(format!("{:?}", stage.row(message).await), before);

        // Our owner with a wrong epoch is as wrong as another owner.
        let mut wrong = stage.worker.clone();
        wrong.epoch += 1;
        let commit = store.commit(wrong.claimer(), &work, None, now).await;
        assert_eq!(commit.unwrap(), Commit::StaleEpoch);
    }
}

#[tokio::test]
async fn a_session_that_does_not_exist_is_nobodys() {
    for mut stage in Stage::each().await {
        let session = domain::session::SessionName::parse("nobody").unwrap();
        let taken = stage
            .store()
            .take_lease(&session, stage.owner, Duration::from_secs(1), stage.now)
            .await;
        assert_eq!(taken.unwrap(), Lease::NoSession);
        stage.worker.session = session;
        assert!(matches!(stage.claim().await, Claim::StaleEpoch));
        let unknown = AttemptId::new(stage.now, &mut stage.dice);
        let state = stage.store().commit_state(&stage.session, unknown).await;
        assert_eq!(state.unwrap(), None);
    }
}
