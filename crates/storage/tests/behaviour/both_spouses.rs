//! Limits and order are per contact, whichever spouse's session sends (design §4).

use chrono::TimeDelta;
use domain::{ids::ContactId, lane::Lane, message_status::MessageStatus, wait::WaitReason};
use rand::{SeedableRng as _, rngs::StdRng};
use storage::{
    Claim, Lease, Recheck, ReleaseReason,
    testing::{LockMonitor, TestDatabase, Turns},
};

use super::stage::{Stage, TTL, Worker, bride, chat, inbound};

/// Orders of statements that two claims are tried in.
const ORDERS: u64 = 30;

impl Stage {
    /// The bride's worker with its lease, beside the groom's of the stage.
    pub(super) async fn brides_worker(&mut self) -> Worker {
        let worker = Worker::new(bride(), self.now, &mut self.dice);
        let (store, owner) = (self.store(), worker.owner);
        let lease = store.take_lease(&worker.session, owner, TTL, self.now);
        let Lease::Taken { epoch } = lease.await.expect("a lease") else {
            panic!("the lease is held");
        };
        Worker { epoch, ..worker }
    }
}

/// The n-th guest, who wrote to both spouses two days ago.
async fn wrote_to_both(stage: &mut Stage, n: u64) -> ContactId {
    let contact = stage.writer(n).await;
    let at = stage.now - TimeDelta::days(2);
    let message = inbound(chat(n), &format!("BRIDE{n}"), at);
    let (store, now) = (stage.store(), stage.now);
    let recorded = store.record_message(&bride(), &message, now).await;
    recorded.expect("recorded");
    contact
}

#[tokio::test]
async fn cool_down_counts_what_the_other_spouse_sent() {
    for mut stage in Stage::each().await {
        let contact = wrote_to_both(&mut stage, 1).await;
        stage.queue(contact).await;
        stage.sent("RAW1").await;
        stage.worker = stage.brides_worker().await;
        let message = stage.queue(contact).await;
        stage.idle().await;
        let wait = stage.row(message).await.wait.expect("it waits");
        assert_eq!(wait.reason, WaitReason::CoolDown);
    }
}

#[tokio::test]
async fn share_of_the_hour_counts_what_the_other_spouse_sent() {
    for mut stage in Stage::each().await {
        let contact = wrote_to_both(&mut stage, 1).await;
        stage.rules.contact_replies_per_hour = 1;
        for (session, raw) in [(stage.session.clone(), "G"), (bride(), "B")] {
            let message = inbound(chat(1), raw, stage.now);
            let (store, now) = (stage.store(), stage.now);
            let recorded = store.record_message(&session, &message, now).await;
            recorded.expect("recorded");
        }
        stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.sent("RAW1").await;
        let rules = stage.rules.clone();
        stage.worker = Worker {
            rules,
            ..stage.brides_worker().await
        };
        let message = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.idle().await;
        let wait = stage.row(message).await.wait.expect("it waits");
        assert_eq!(wait.reason, WaitReason::ContactHourLimit);
    }
}

/// What the guest sees of both spouses in vain is counted together; a message of one says nothing of what the other still owes.
#[tokio::test]
async fn typing_in_vain_counts_what_the_other_spouse_showed() {
    for mut stage in Stage::each().await {
        let contact = wrote_to_both(&mut stage, 1).await;
        let (groom, bride) = (stage.worker.clone(), stage.brides_worker().await);
        stage.queue(contact).await;
        let of_bride = bride.session.clone();
        stage.queue_with(contact, |m| m.session = of_bride).await;
        let mut typed = Vec::new();
        for _ in 0..3 {
            for worker in [&groom, &bride] {
                stage.worker = worker.clone();
                stage.take_lease().await;
                let work = stage.taken().await;
                assert_eq!(stage.recheck(&work).await, Recheck::Go);
                typed.push(stage.shows_typing(&work).await);
                stage.release(work.attempt, ReleaseReason::Preempted).await;
                stage.later(TimeDelta::minutes(1));
            }
        }
        assert_eq!(typed, [true, true, true, false, false, false]);
        stage.worker = groom;
        stage.take_lease().await;
        stage.sent("RAW1").await;
        stage.worker = bride;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        assert!(stage.taken().await.plan.typing_ms > 0, "one was in vain");
    }
}

/// Both claims read that nothing is open to the contact; each statement of one may come between two of the other.
#[tokio::test]
async fn concurrent_claims_of_both_spouses_open_one_attempt_to_a_contact() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let bride = stage.brides_worker().await;
    let mut monitor = LockMonitor::connect(stage.db.url()).await;
    for seed in 0..ORDERS {
        let contact = wrote_to_both(&mut stage, seed).await;
        stage.queue(contact).await;
        let session = bride.session.clone();
        stage.queue_with(contact, |m| m.session = session).await;
        let (turns, mut rng) = (Turns::of(2), StdRng::seed_from_u64(seed));
        let (mut one, mut two) = (StdRng::seed_from_u64(1), StdRng::seed_from_u64(2));
        let (store, now) = (stage.store(), stage.now);
        let groom = stage.worker.clone();
        let (groom, bride, taken) = tokio::join!(
            turns.call(0, store.claim(groom.claimer(), now, &mut one)),
            turns.call(1, store.claim(bride.claimer(), now, &mut two)),
            turns.give(&mut monitor, &mut rng)
        );
        assert!(taken.pair_overlaps > 0, "seed {seed}: {:?}", taken.order);
        let claims = [groom.expect("a claim"), bride.expect("a claim")];
        let opened = claims
            .iter()
            .filter(|claim| matches!(claim, Claim::Taken(_)));
        assert_eq!(opened.count(), 1, "seed {seed}: {:?}", taken.order);
        let ended = "UPDATE whatsapp_message_queue SET status = 'cancelled' WHERE status IN ('pending', 'composing')";
        stage.tamper(ended).await;
    }
    monitor.close().await;
}

/// The call may have reached WhatsApp until its outcome became uncertain: the limits count from then.
#[tokio::test]
async fn uncertain_send_counts_from_when_it_became_uncertain() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        let mut outcome = stage.outcome(work.attempt, domain::outcome::SendAnswer::Unclear);
        outcome.reply.answered_at = stage.now + TimeDelta::seconds(1);
        stage.later(TimeDelta::seconds(75));
        stage.take_lease().await;
        stage.finish_with(&outcome).await;
        assert_eq!(stage.status(work.message).await, MessageStatus::Uncertain);
        let ended = "SELECT ended_at AS value FROM send_reservation";
        assert_eq!(stage.int(ended).await, Some(stage.now.timestamp_millis()));
    }
}
