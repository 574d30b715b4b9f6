//! A message was tried again, and then its first send turns out to have arrived: the guest must not get it twice.

use chrono::TimeDelta;
use domain::{ack::Ack, message_status::MessageStatus, outcome::SendAnswer};
use storage::{AckRecorded, Commit, Finished, PersonVerdict, Recheck, Work};

use super::{
    acks::receive,
    stage::{Stage, accepted, chat, own},
};

/// A message that WhatsApp refused, and that a person had tried again.
async fn retried(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.sent("FIRST").await;
    receive(stage, "FIRST", Ack::Error, 1).await;
    assert_eq!(stage.status(work.message).await, MessageStatus::Failed);
    let store = stage.store();
    let retried = store.retry(work.message, &Stage::person(), stage.now).await;
    retried.unwrap();
    stage.later(TimeDelta::hours(2));
    stage.take_lease().await;
    work
}

/// It is sent, by its first send; nothing of it goes again.
async fn is_sent_by_the_first(stage: &mut Stage, first: &Work) {
    let row = stage.row(first.message).await;
    assert_eq!((row.status, row.last_error), (MessageStatus::Sent, None));
    assert_eq!(row.raw_id.as_deref(), Some("FIRST"));
    assert!(row.sent_at <= row.delivered_at && row.sent_at.is_some());
    assert!(row.sent_at.is_some_and(|at| at < stage.now));
    let refusals = stage.count("send_refusal").await;
    assert_eq!(refusals, 0, "it was no refusal");
    let open = stage
        .count("send_reservation WHERE state = 'committed'")
        .await;
    assert_eq!(open, 1, "one slot was used");
    assert_eq!(stage.unanswered().await, 1);
    let said = stage.count("conversation_message WHERE direction = 'outbound'");
    assert_eq!(said.await, 1);
    stage.idle().await;
    // And how far it got is still told.
    receive(stage, "FIRST", Ack::Read, 9).await;
    assert!(stage.row(first.message).await.read_at.is_some());
}

#[tokio::test]
async fn before_the_retry_has_begun_it_does_not_begin() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        for ack in [Ack::Error, Ack::Pending] {
            receive(&stage, "FIRST", ack, 2).await;
            assert_eq!(stage.status(first.message).await, MessageStatus::Pending);
        }
        let known = AckRecorded::Known(first.message);
        assert_eq!(receive(&stage, "FIRST", Ack::Device, -60).await, known);
        is_sent_by_the_first(&mut stage, &first).await;
    }
}

#[tokio::test]
async fn while_the_retry_is_composed_it_is_stopped_before_the_commit() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        let again = stage.taken().await;
        assert_eq!(again.message, first.message);
        for ack in [Ack::Error, Ack::Pending] {
            receive(&stage, "FIRST", ack, -60).await;
            assert_eq!(stage.recheck(&again).await, Recheck::Go);
        }
        receive(&stage, "FIRST", Ack::Device, -60).await;
        assert_eq!(stage.recheck(&again).await, Recheck::Changed);
        stage.later(TimeDelta::from_std(again.plan.total()).unwrap());
        stage.take_lease().await;
        assert_eq!(stage.commit(&again).await, Commit::Changed);
        let (store, session) = (stage.store(), stage.session.clone());
        let state = store.commit_state(&session, again.attempt).await;
        assert_eq!(state.unwrap(), None);
        is_sent_by_the_first(&mut stage, &first).await;
    }
}

#[tokio::test]
async fn what_was_shown_before_the_first_send_turned_out_to_have_arrived_was_not_in_vain() {
    for mut stage in Stage::each().await {
        retried(&mut stage).await;
        let again = stage.taken().await;
        assert!(stage.shows_typing(&again).await);
        receive(&stage, "FIRST", Ack::Device, -60).await;
        let shown = stage.count("send_reservation WHERE shown_at IS NOT NULL");
        assert_eq!(shown.await, 0);
    }
}

/// The chat is read before each composition: what it shows counts as a receipt does.
#[tokio::test]
async fn a_chat_that_shows_it_delivered_stops_the_retry() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        let again = stage.taken().await;
        stage.later(TimeDelta::seconds(1));
        let mut seen = own(chat(1), "FIRST", first.text.as_str(), stage.now);
        seen.ack = Some(Ack::Device);
        let store = stage.store();
        let session = stage.session.clone();
        let unrecorded = store.unrecorded(&session, std::slice::from_ref(&seen), stage.now);
        assert_eq!(
            unrecorded.await.unwrap().len(),
            1,
            "it has something to tell"
        );
        stage.record(&seen).await;
        assert_eq!(stage.recheck(&again).await, Recheck::Changed);
        assert_eq!(stage.status(first.message).await, MessageStatus::Sent);
    }
}

async fn told(stage: &Stage, work: &Work) -> usize {
    let timeline = stage.store().timeline(work.message).await.unwrap();
    let phases = timeline
        .iter()
        .filter(|event| event.phase == "earlier_arrived");
    phases.count()
}

#[tokio::test]
async fn once_the_retry_has_gone_it_is_only_told() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        let again = stage.committed().await;
        for ack in [Ack::Server, Ack::Device] {
            receive(&stage, "FIRST", ack, 1).await;
        }
        assert_eq!(stage.status(first.message).await, MessageStatus::Sending);
        assert_eq!(told(&stage, &first).await, 1);
        let finished = stage.finish(again.attempt, accepted("SECOND")).await;
        assert_eq!(finished, Finished::Sent);
        receive(&stage, "FIRST", Ack::Read, 2).await;
        let row = stage.row(first.message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!((row.delivered_at, row.read_at), (None, None));
        assert_eq!(row.raw_id.as_deref(), Some("SECOND"));
        assert_eq!(told(&stage, &first).await, 1);
    }
}

/// Both were refused, and the first one arrived after all: nobody is asked to send it a third time.
#[tokio::test]
async fn when_the_retry_was_refused_too_it_is_sent_by_the_first() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        stage.sent("SECOND").await;
        receive(&stage, "SECOND", Ack::Error, 1).await;
        assert_eq!(stage.status(first.message).await, MessageStatus::Failed);
        receive(&stage, "FIRST", Ack::Server, 2).await;
        let row = stage.row(first.message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.raw_id.as_deref(), Some("FIRST"));
        receive(&stage, "SECOND", Ack::Error, 3).await;
        assert_eq!(stage.status(first.message).await, MessageStatus::Sent);
    }
}

/// In doubt, sent again by a person's word, being typed: then the answer to the first call comes after all.
#[tokio::test]
async fn a_late_answer_stops_the_second_try_as_well() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let first = stage.doubted().await;
        let (store, person) = (stage.store(), Stage::person());
        let settled =
            store.settle_by_person(first.message, PersonVerdict::SendAgain, &person, stage.now);
        settled.await.unwrap();
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        let again = stage.taken().await;
        let late = stage.finish(first.attempt, accepted("FIRST")).await;
        assert_eq!(late, Finished::AlreadyDone);
        assert_eq!(stage.recheck(&again).await, Recheck::Changed);
        receive(&stage, "FIRST", Ack::Device, 1).await;
        is_sent_by_the_first(&mut stage, &first).await;
        let nothing = stage.finish(again.attempt, SendAnswer::NeverCalled).await;
        assert_eq!(nothing, Finished::AlreadyDone);
    }
}

/// A person took the retry back; then a receipt tells that the first had arrived.
#[tokio::test]
async fn a_retry_that_was_cancelled_is_sent_by_the_first() {
    for mut stage in Stage::each().await {
        let first = retried(&mut stage).await;
        let (store, person) = (stage.store(), Stage::person());
        let cancelled = store.cancel(first.message, &person, stage.now).await;
        cancelled.expect("cancelled");
        receive(&stage, "FIRST", Ack::Device, -60).await;
        is_sent_by_the_first(&mut stage, &first).await;
    }
}
