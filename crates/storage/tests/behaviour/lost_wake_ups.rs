//! A claim decides that a message waits for an event of its contact, while another session's transaction is that event.
//!
//! Only on PostgreSQL: SQLite's one writer takes turns. A gate keeps the row that the claim sets aside, so that the event comes
//! between the claim's reading and its commit.

use std::cell::Cell;

use chrono::TimeDelta;
use domain::{
    ids::{ContactId, MessageId},
    wait::{AwaitedEvent, AwaitedPerson, Wait, WaitReason},
};
use rand::{SeedableRng, rngs::StdRng};
use storage::{Claim, Error, NewMessage, testing::TestDatabase};

use super::{
    inviting::says,
    meeting::{WAITING_FOR_LOCKS, until_waiting},
    stage::{Stage, Worker, accepted, bride, chat, inbound},
};

async fn claim(stage: &Stage, worker: &Worker) -> Claim {
    let (store, mut dice) = (stage.store(), StdRng::seed_from_u64(3));
    let claim = store.claim(worker.claimer(), stage.now, &mut dice);
    claim.await.expect("a claim")
}

/// Runs the claim of `worker` into the locked row of `message`, then `event`; unlocks the row when the event has ended or waits.
/// The claim takes nothing.
async fn between<T>(
    stage: &Stage,
    worker: &Worker,
    message: MessageId,
    event: impl Future<Output = T>,
) -> T {
    let mut held = stage.db.begin().await;
    let gate = format!("SELECT 1 FROM whatsapp_message_queue WHERE id = '{message}' FOR UPDATE");
    held.execute(&gate).await;
    let ended = Cell::new(false);
    let event = async {
        until_waiting(stage, 1).await;
        let came = event.await;
        ended.set(true);
        came
    };
    let open = async {
        until_waiting(stage, 1).await;
        while !ended.get() && stage.int(WAITING_FOR_LOCKS).await < Some(2) {}
        held.commit().await;
    };
    let (claimed, came, ()) = tokio::join!(claim(stage, worker), event, open);
    assert!(matches!(claimed, Claim::Idle { .. }), "{claimed:?}");
    came
}

/// A guest who wrote to both, and a message of the bride to them.
async fn of_the_bride(stage: &mut Stage) -> (ContactId, MessageId) {
    let contact = stage.writer(1).await;
    let (store, session) = (stage.store(), bride());
    let word = inbound(chat(1), "B", stage.now);
    let recorded = store.record_message(&session, &word, stage.now);
    recorded.await.expect("recorded");
    let message = stage.queue_with(contact, |m| m.session = bride());
    (contact, message.await)
}

const FOR_EARLIER: Wait = Wait::event(WaitReason::EarlierOpen, AwaitedEvent::EarlierEnds);

#[tokio::test]
async fn a_send_ends_while_the_other_session_decides_to_wait_for_its_end() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let worker = stage.brides_worker().await;
    let (contact, waiting) = of_the_bride(&mut stage).await;
    stage.queue(contact).await;
    let work = stage.committed().await;
    let outcome = stage.outcome(work.attempt, accepted("RAW"));
    stage.later(TimeDelta::seconds(1));
    let (store, mut dice) = (stage.store(), StdRng::seed_from_u64(3));
    let groom = stage.worker.clone();
    let finish = store.finish(groom.claimer(), &outcome, stage.now, &mut dice);
    let met = Box::pin(between(&stage, &worker, waiting, finish));
    met.await.unwrap();
    claim(&stage, &worker).await;
    let wait = stage.row(waiting).await.wait;
    assert_ne!(wait, Some(FOR_EARLIER), "nothing will ever end this wait");
}

/// The claim has read which messages are due, and then an older one of the same contact becomes due.
#[tokio::test]
async fn an_older_message_becomes_due_while_a_claim_decides() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let (other, contact) = (stage.writer(1).await, stage.writer(2).await);
    let tomorrow = stage.now + TimeDelta::days(1);
    let scheduled = |message: &mut NewMessage| {
        message.priority = 5;
        message.not_before = Some(tomorrow);
    };
    let first_decided = stage.queue_with(other, scheduled).await;
    let older = stage.queue(contact).await;
    stage.queue(contact).await;
    let set = |message, columns| {
        format!("UPDATE whatsapp_message_queue SET {columns} WHERE id = '{message}'")
    };
    let due = "due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL";
    let waits = "due = 0, wait_reason = 'unanswered_limit', wait_ends = 'event:contact_writes'";
    stage.tamper(&set(first_decided, due)).await;
    stage.tamper(&set(older, waits)).await;
    let (worker, becomes_due) = (stage.worker.clone(), set(older, due));
    let event = stage.tamper(&becomes_due);
    Box::pin(between(&stage, &worker, first_decided, event)).await;
    assert_eq!(stage.taken().await.message, older);
}

#[tokio::test]
async fn a_contact_opts_in_while_the_other_session_decides_to_wait_for_a_decision() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let worker = stage.brides_worker().await;
    let (_, waiting) = of_the_bride(&mut stage).await;
    let suspended = (stage.now - TimeDelta::hours(1)).timestamp_millis();
    stage
        .tamper(&format!("UPDATE contact SET suspended_at = {suspended}"))
        .await;
    let word = says(chat(1), "START", "START", stage.now);
    Box::pin(between(&stage, &worker, waiting, stage.record(&word))).await;
    claim(&stage, &worker).await;
    let wait = stage.row(waiting).await.wait;
    let person = Wait::person(WaitReason::ContactSuspended, AwaitedPerson::DecideContact);
    assert_ne!(wait, Some(person), "nobody is asked for this decision");
}

/// A claim takes contacts in the order of its queue: waiting for one of them, it could be what the other one waits for.
#[tokio::test]
async fn a_claim_waits_for_no_contact_and_is_made_again_soon() {
    let mut stage = Stage::on(TestDatabase::postgres().await).await;
    let contact = stage.writer(1).await;
    let message = stage.queue(contact).await;
    let mut held = stage.db.begin().await;
    let gate = format!("SELECT 1 FROM contact WHERE id = '{contact}' FOR NO KEY UPDATE");
    held.execute(&gate).await;
    let (next, waiting) = stage.idle().await;
    assert_eq!(next, Some(stage.now + TimeDelta::milliseconds(20)));
    assert_eq!(waiting, None);
    held.commit().await;
    assert_eq!(stage.taken().await.message, message);
}

/// The server ends one of two transactions that wait for each other, and rolls it back.
#[tokio::test]
async fn a_transaction_that_the_server_ended_because_of_another_one_can_be_tried_again() {
    for code in ["40P01", "40001"] {
        let stage = Stage::on(TestDatabase::postgres().await).await;
        let raise = format!(
            "CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'ended' USING ERRCODE = '{code}'; END $$"
        );
        stage.tamper(&raise).await;
        let trigger = "CREATE TRIGGER ends BEFORE UPDATE ON whatsapp_session_status FOR EACH ROW EXECUTE FUNCTION ends()";
        stage.tamper(trigger).await;
        let (store, person) = (stage.store(), Stage::person());
        let paused = store.pause(&stage.session, &person, stage.now).await;
        let error = paused.expect_err("the transaction was ended");
        assert!(matches!(error, Error::Overtaken(_)), "{error:?}");
        assert!(error.is_unavailable());
    }
}
