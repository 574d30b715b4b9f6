//! A COMMIT whose answer was lost was carried out after all: the database holds an attempt that the worker does not know of.

use std::time::Duration;

use domain::{
    config::PaceProfile,
    release::{Rule, Rulebook},
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{Claim, Claimer, Commit, testing::TestDatabase};

use super::{
    setup::Setup,
    system::{System, session},
};

/// How far the worker's transactions got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CarriedOut {
    Claim,
    Commit,
}

/// Does in the worker's name, under its lease, what the worker got no answer to.
async fn behind_its_back(system: &System, carried_out: CarriedOut) {
    let (name, store, now) = (session("groom"), &system.store, system.clock.now());
    let holder = "SELECT lease_owner AS value FROM whatsapp_session_status WHERE name = 'groom'";
    let holder = system.database.texts(holder).await.remove(0);
    let epoch = "SELECT lease_epoch AS value FROM whatsapp_session_status WHERE name = 'groom'";
    let epoch = system.database.ints(epoch).await.remove(0);
    let (config, _) = store.config().await.expect("a configuration");
    // The session is paused, so that the worker itself takes nothing.
    let (book, rules, pacing) = (
        Rulebook::without(Rule::Paused),
        PaceProfile::Production.rules(&config),
        PaceProfile::Production.pacing(&config),
    );
    let claimer = Claimer {
        session: &name,
        owner: holder.expect("a holder").parse().expect("an id"),
        epoch: epoch.expect("an epoch"),
        book: &book,
        rules: &rules,
        pacing: &pacing,
    };
    let mut dice = StdRng::seed_from_u64(1);
    let claim = store.claim(claimer, now, &mut dice);
    let Claim::Taken(work) = claim.await.expect("a claim") else {
        panic!("nothing was taken")
    };
    if carried_out == CarriedOut::Commit {
        let commit = store.commit(claimer, &work, None, now).await;
        assert_eq!(commit.expect("an answer"), Commit::Committed);
    }
}

async fn with_an_unknown_attempt(carried_out: CarriedOut) -> (System, String) {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    system.control("groom", "pause").await;
    let id = system.enqueue("groom", "+39 347 000 0001", "Ciao!").await;
    let guest = system.waha("groom").guest("393470000001");
    guest.write("Ciao, sono la zia");
    tokio::time::sleep(Duration::from_secs(30)).await;
    behind_its_back(&system, carried_out).await;
    system.control("groom", "resume").await;
    (system, id)
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_the_worker_did_not_learn_of_is_given_back() {
    let (system, id) = with_an_unknown_attempt(CarriedOut::Claim).await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
    assert_eq!(system.waha("groom").phone("393470000001").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_the_worker_did_not_learn_of_is_settled_and_others_go_on() {
    let (system, id) = with_an_unknown_attempt(CarriedOut::Commit).await;
    system.until(&id, "uncertain", Duration::from_mins(5)).await;
    let other = system.enqueue("groom", "+39 347 000 0002", "Ciao!").await;
    let guest = system.waha("groom").guest("393470000002");
    guest.write("Ciao, sono lo zio");
    system.until(&other, "sent", Duration::from_mins(20)).await;
    assert_eq!(system.waha("groom").phone("393470000001").len(), 0);
}
