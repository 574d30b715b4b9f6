//! What people do to a message, and that it takes turns with what the worker does.

use chrono::TimeDelta;
use domain::{
    ids::MessageId,
    message_status::MessageStatus,
    outcome::SendAnswer,
    wait::{AwaitedEvent, Wait, WaitReason},
};
use storage::{
    CancelReason, Changed, Commit, Edit, Finished, MessageRow, PersonVerdict, TimelineEvent,
};

use super::stage::{Stage, accepted};

pub(crate) const CONSENT: Wait =
    Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);

pub(crate) fn done(changed: Changed) -> MessageRow {
    match changed {
        Changed::Done(row) => *row,
        other => panic!("not done: {other:?}"),
    }
}

pub(crate) async fn last_event(stage: &Stage, id: MessageId) -> TimelineEvent {
    let mut timeline = stage.store().timeline(id).await.unwrap();
    timeline.pop().expect("something happened")
}

/// The newest line of the audit log: who did what to what, and more.
pub(crate) async fn last_deed(stage: &Stage) -> (String, String, String, Option<String>) {
    let page = stage.store().audit(None, 1).await.unwrap();
    let row = page
        .items
        .into_iter()
        .next()
        .expect("somebody did something");
    assert_eq!(row.at, stage.now);
    (row.actor, row.action, row.subject, row.detail)
}

#[tokio::test]
async fn cancelled_is_cancelled() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let row = done(
            stage
                .store()
                .cancel(id, &Stage::person(), stage.now)
                .await
                .unwrap(),
        );
        assert_eq!(row.status, MessageStatus::Cancelled);
        assert_eq!(row.cancel_reason, Some(CancelReason::Person));
        assert_eq!((row.version, row.wait), (2, None));
        assert_eq!(last_event(&stage, id).await.phase, "cancelled");
        assert_eq!(last_deed(&stage).await.1, "message.cancel");
        stage.idle().await;
        let again = stage
            .store()
            .cancel(id, &Stage::person(), stage.now)
            .await
            .unwrap();
        assert!(matches!(
            again,
            Changed::WrongStatus(MessageStatus::Cancelled)
        ));
    }
}

#[tokio::test]
async fn a_composition_that_is_cancelled_gives_its_slot_back_and_cannot_commit() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let (id, next) = (stage.queue(contact).await, stage.queue(contact).await);
        let work = stage.taken().await;
        done(
            stage
                .store()
                .cancel(id, &Stage::person(), stage.now)
                .await
                .unwrap(),
        );
        let commit = stage.commit(&work).await;
        assert!(
            matches!(commit, Commit::Ended | Commit::Changed),
            "{commit:?}"
        );
        assert_eq!(stage.status(id).await, MessageStatus::Cancelled);
        let state = "SELECT state AS value FROM send_reservation";
        assert_eq!(stage.text(state).await.as_deref(), Some("abandoned"));
        assert_eq!(stage.taken().await.message, next, "the session is free");
    }
}

#[tokio::test]
async fn what_has_left_cannot_be_taken_back() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let (store, person) = (stage.store(), Stage::person());
        let work = stage.committed().await;
        for expected in [MessageStatus::Sending, MessageStatus::Sent] {
            let now = stage.now;
            let refused = [
                store.cancel(id, &person, now).await.unwrap(),
                store
                    .edit(id, None, &Edit::default(), &person, now)
                    .await
                    .unwrap(),
                store.send_now(id, &person, now).await.unwrap(),
                store.retry(id, &person, now).await.unwrap(),
                store
                    .settle_by_person(id, PersonVerdict::SendAgain, &person, now)
                    .await
                    .unwrap(),
            ];
            for changed in refused {
                assert!(
                    matches!(changed, Changed::WrongStatus(status) if status == expected),
                    "{changed:?}"
                );
            }
            if expected == MessageStatus::Sending {
                stage.finish(work.attempt, accepted("RAW")).await;
            }
        }
        assert_eq!(stage.row(id).await.version, 1);
        let audited =
            "SELECT CAST(count(*) AS BIGINT) AS value FROM audit_log WHERE action LIKE 'message.%'";
        assert_eq!(stage.int(audited).await, Some(0));
    }
}

/// At the same moment either the message leaves or it is cancelled, and both sides are told the same.
#[tokio::test]
async fn cancel_and_commit_at_once_have_one_winner() {
    for mut stage in Stage::each().await {
        for n in 1..=10 {
            let contact = stage.writer(n).await;
            let id = stage
                .queue_with(contact, |message| message.send_now = true)
                .await;
            let work = stage.taken().await;
            let (one, two, now) = (stage.store(), stage.store(), stage.now);
            let (person, worker) = (Stage::person(), stage.worker.clone());
            let (cancelled, committed) = tokio::join!(
                one.cancel(id, &person, now),
                two.commit(worker.claimer(), &work, None, now)
            );
            match (cancelled.unwrap(), committed.unwrap()) {
                (Changed::Done(_), Commit::Ended | Commit::Changed) => {
                    assert_eq!(stage.status(id).await, MessageStatus::Cancelled);
                }
                (Changed::WrongStatus(MessageStatus::Sending), Commit::Committed) => {
                    stage
                        .finish(work.attempt, accepted(&format!("RAW{n}")))
                        .await;
                }
                other => panic!("two winners or none: {other:?}"),
            }
            stage.later(TimeDelta::minutes(1));
            stage.take_lease().await;
        }
    }
}

#[tokio::test]
async fn a_failed_message_can_be_tried_again_as_if_it_were_new() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let work = stage.committed().await;
        let failed = stage.finish(work.attempt, SendAnswer::BadRequest).await;
        assert!(matches!(failed, Finished::Failed(_)));
        let row = done(
            stage
                .store()
                .retry(id, &Stage::person(), stage.now)
                .await
                .unwrap(),
        );
        assert_eq!((row.status, row.last_error), (MessageStatus::Pending, None));
        assert_eq!((row.wait, row.raw_id), (None, None));
        assert_eq!(last_event(&stage, id).await.phase, "retried");
        assert_eq!(last_deed(&stage).await.1, "message.retry");
        stage.later(TimeDelta::hours(1));
        stage.take_lease().await;
        assert_eq!(stage.sent("RAW").await.message, id);
    }
}

#[tokio::test]
async fn send_now_goes_before_what_was_queued_before() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.writer(2).await);
        stage.queue_with(one, |message| message.priority = 9).await;
        let later = stage.now + TimeDelta::days(1);
        let id = stage
            .queue_with(two, |message| message.not_before = Some(later))
            .await;
        let row = done(
            stage
                .store()
                .send_now(id, &Stage::person(), stage.now)
                .await
                .unwrap(),
        );
        assert!(row.send_now);
        assert_eq!((row.wait, row.version), (None, 2));
        assert_eq!(last_event(&stage, id).await.phase, "send_now");
        assert_eq!(last_deed(&stage).await.1, "message.send_now");
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn nobody_is_hurried_into_writing_to_who_has_not_written() {
    for mut stage in Stage::each().await {
        let silent = stage.guest(1).await;
        let id = stage.queue(silent).await;
        let row = done(
            stage
                .store()
                .send_now(id, &Stage::person(), stage.now)
                .await
                .unwrap(),
        );
        assert_eq!(row.wait, Some(CONSENT));
        stage.idle().await;
        stage.writes(1, stage.now).await;
        assert_eq!(stage.taken().await.message, id);
    }
}

#[tokio::test]
async fn a_person_s_word_that_it_arrived_ends_the_doubt() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let work = stage.doubted().await;
        assert_eq!(
            stage.store().uncertain_count(&stage.session).await.unwrap(),
            1
        );
        let (store, now) = (stage.store(), stage.now);
        let arrived = PersonVerdict::Arrived;
        let row = done(
            store
                .settle_by_person(id, arrived, &Stage::person(), now)
                .await
                .unwrap(),
        );
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.sent_at, row.committed_at);
        assert_eq!(row.attempt, Some(work.attempt));
        assert_eq!(last_event(&stage, id).await.phase, "arrived");
        assert_eq!(last_deed(&stage).await.1, "message.arrived");
        assert_eq!(store.uncertain_count(&stage.session).await.unwrap(), 0);
        let told = store.contact(contact).await.unwrap().expect("a contact");
        assert_eq!(told.sessions[0].unanswered, 1);
    }
}

#[tokio::test]
async fn sent_again_by_a_person_s_word_it_leaves_once_more_and_both_slots_count() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        let first = stage.doubted().await;
        let (store, now) = (stage.store(), stage.now);
        let again = PersonVerdict::SendAgain;
        let row = done(
            store
                .settle_by_person(id, again, &Stage::person(), now)
                .await
                .unwrap(),
        );
        assert_eq!((row.status, row.wait), (MessageStatus::Pending, None));
        assert_eq!(last_event(&stage, id).await.phase, "send_again");
        assert_eq!(last_deed(&stage).await.1, "message.send_again");
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        let second = stage.sent("RAW").await;
        assert_eq!(second.message, id);
        assert_ne!(second.attempt, first.attempt);
        let facts = store
            .session_facts(&stage.session, stage.now)
            .await
            .unwrap();
        assert_eq!(facts.expect("a session").sends.len(), 2);
    }
}

#[tokio::test]
async fn a_message_that_is_not_there_cannot_be_changed() {
    for mut stage in Stage::each().await {
        let nobody = MessageId::new(stage.now, &mut stage.dice);
        let (store, now, person) = (stage.store(), stage.now, Stage::person());
        let arrived = PersonVerdict::Arrived;
        for changed in [
            store
                .edit(nobody, None, &Edit::default(), &person, now)
                .await
                .unwrap(),
            store.cancel(nobody, &person, now).await.unwrap(),
            store.retry(nobody, &person, now).await.unwrap(),
            store.send_now(nobody, &person, now).await.unwrap(),
            store
                .settle_by_person(nobody, arrived, &person, now)
                .await
                .unwrap(),
        ] {
            assert!(matches!(changed, Changed::Unknown), "{changed:?}");
        }
    }
}

#[tokio::test]
async fn a_timeline_reads_in_the_order_things_happened_also_within_one_moment() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        for priority in 0..30 {
            let edit = Edit {
                priority: Some(priority),
                ..Edit::default()
            };
            let store = stage.store();
            done(
                store
                    .edit(id, None, &edit, &Stage::person(), stage.now)
                    .await
                    .unwrap(),
            );
        }
        let cancelled = stage.store().cancel(id, &Stage::person(), stage.now).await;
        done(cancelled.unwrap());
        let timeline = stage.store().timeline(id).await.unwrap();
        let phases: Vec<_> = timeline.iter().map(|event| event.phase.as_str()).collect();
        assert_eq!(phases.len(), 32);
        assert_eq!((phases[0], phases[31]), ("queued", "cancelled"));
        assert!(phases[1..31].iter().all(|phase| *phase == "edited"));
    }
}
