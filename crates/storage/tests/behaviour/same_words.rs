//! Several messages to one contact have the same words: one copy proves at most one of them.

use chrono::TimeDelta;
use domain::{
    ids::{ContactId, MessageId},
    lane::Lane,
    message_status::MessageStatus::{self, Pending, Sent, Uncertain},
    outcome::SendAnswer,
    wire::ObservedMessage,
};
use storage::{Finished, PersonVerdict, Recorded, Settled, Work};

use super::stage::{Stage, accepted, chat, own};

const TEXT: &str = "Save the date";

fn copy(stage: &Stage, raw_id: &str) -> ObservedMessage {
    own(chat(1), raw_id, TEXT, stage.now)
}

/// A message in doubt; then its guest writes, so that a reply can go at once.
async fn doubt(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    let work = stage.doubted().await;
    stage.later(TimeDelta::minutes(20));
    stage.writes(1, stage.now).await;
    stage.take_lease().await;
    work
}

/// A reply with the same words, whose call is running.
async fn being_sent(stage: &mut Stage, contact: ContactId) -> Work {
    let message = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
    let work = stage.committed().await;
    assert_eq!(work.message, message);
    work
}

async fn send_again(stage: &Stage, message: MessageId) {
    let (store, person) = (stage.store(), Stage::person());
    let settled = store.settle_by_person(message, PersonVerdict::SendAgain, &person, stage.now);
    settled.await.expect("settled");
}

/// The chat shows `seen` and nothing else: that proves nothing.
async fn looked_at(stage: &Stage, work: &Work, seen: &ObservedMessage) {
    let (store, seen) = (stage.store(), std::slice::from_ref(seen));
    let looked = store.settle_from_chat(work.attempt, seen, stage.now);
    let looked = looked.await.expect("an answer");
    assert!(matches!(looked, Settled::StillUncertain { .. }));
}

async fn told(stage: &Stage, message: MessageId) -> (MessageStatus, Option<String>) {
    let row = stage.row(message).await;
    (row.status, row.raw_id)
}

fn with_id(raw_id: &str) -> (MessageStatus, Option<String>) {
    (Sent, Some(raw_id.to_owned()))
}

#[tokio::test]
async fn the_copy_of_a_message_that_is_being_sent_ends_no_other_doubt() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        let second = being_sent(&mut stage, first.contact).await;
        // WAHA's event comes before its answer.
        let recorded = stage.record(&copy(&stage, "SECOND")).await;
        assert_eq!(recorded, Recorded::Parked);
        let finished = stage.finish(second.attempt, accepted("SECOND")).await;
        assert_eq!(finished, Finished::Sent);
        assert_eq!(told(&stage, first.message).await, (Uncertain, None));
        assert_eq!(told(&stage, second.message).await, with_id("SECOND"));
    }
}

#[tokio::test]
async fn the_copy_of_a_message_that_is_being_sent_cancels_no_other_that_is_sent_again() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        send_again(&stage, first.message).await;
        let second = being_sent(&mut stage, first.contact).await;
        let recorded = stage.record(&copy(&stage, "SECOND")).await;
        assert_eq!(recorded, Recorded::Parked);
        stage.finish(second.attempt, accepted("SECOND")).await;
        assert_eq!(stage.status(first.message).await, Pending);
        assert_eq!(told(&stage, second.message).await, with_id("SECOND"));
    }
}

/// The chat shows a copy before the answer: the message in doubt may not be it.
#[tokio::test]
async fn a_chat_that_shows_the_copy_of_a_running_call_proves_nothing() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        let second = being_sent(&mut stage, first.contact).await;
        looked_at(&stage, &first, &copy(&stage, "SECOND")).await;
        stage.finish(second.attempt, accepted("SECOND")).await;
        assert_eq!(told(&stage, first.message).await, (Uncertain, None));
        assert_eq!(told(&stage, second.message).await, with_id("SECOND"));
    }
}

/// Where the engine let us choose the ids, the chat tells by them which is which.
#[tokio::test]
async fn the_ids_that_we_chose_tell_messages_with_the_same_words_apart() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        stage
            .tamper("UPDATE whatsapp_message_queue SET client_raw_id = 'CHOSEN'")
            .await;
        being_sent(&mut stage, first.contact).await;
        let (store, seen) = (stage.store(), [copy(&stage, "CHOSEN")]);
        let looked = store.settle_from_chat(first.attempt, &seen, stage.now);
        assert_eq!(looked.await.expect("an answer"), Settled::Sent);
        assert_eq!(told(&stage, first.message).await, with_id("CHOSEN"));
    }
}

/// What was parked is looked at again when the running call has ended without it.
#[tokio::test]
async fn a_copy_that_the_running_call_did_not_make_proves_the_other() {
    for (answer, second_status) in [
        (accepted("SECOND"), Sent),
        (SendAnswer::SessionAway, Pending),
    ] {
        for mut stage in Stage::each().await {
            let first = doubt(&mut stage).await;
            let second = being_sent(&mut stage, first.contact).await;
            stage.record(&copy(&stage, "FIRST")).await;
            stage.finish(second.attempt, answer.clone()).await;
            assert_eq!(told(&stage, first.message).await, with_id("FIRST"));
            assert_eq!(stage.status(second.message).await, second_status);
        }
    }
}

/// The same of a message that a person has had sent again: its first copy is there, and the second need not go.
#[tokio::test]
async fn a_copy_that_the_running_call_did_not_make_cancels_the_one_that_is_sent_again() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        send_again(&stage, first.message).await;
        let second = being_sent(&mut stage, first.contact).await;
        stage.record(&copy(&stage, "FIRST")).await;
        stage.finish(second.attempt, accepted("SECOND")).await;
        assert_eq!(told(&stage, first.message).await, with_id("FIRST"));
        assert_eq!(told(&stage, second.message).await, with_id("SECOND"));
    }
}

/// Its own second send runs while the first copy appears, and provably sends nothing: it must not go once more.
#[tokio::test]
async fn the_first_copy_counts_when_the_second_call_has_sent_nothing() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        send_again(&stage, first.message).await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        let again = stage.committed().await;
        assert_eq!(again.message, first.message);
        let recorded = stage.record(&copy(&stage, "FIRST")).await;
        assert_eq!(recorded, Recorded::Parked);
        stage.finish(again.attempt, SendAnswer::SessionAway).await;
        assert_eq!(told(&stage, first.message).await, with_id("FIRST"));
    }
}

/// Which of two messages in doubt a copy is, nobody can say: a person does. What the person says of one explains the other.
#[tokio::test]
async fn one_copy_of_two_messages_in_doubt_waits_for_a_person() {
    for (verdict, status) in [
        (PersonVerdict::Arrived, with_id("ONE")),
        (PersonVerdict::SendAgain, (Pending, None)),
    ] {
        for mut stage in Stage::each().await {
            let first = doubt(&mut stage).await;
            let second = being_sent(&mut stage, first.contact).await;
            stage.record(&copy(&stage, "ONE")).await;
            let finished = stage.finish(second.attempt, SendAnswer::Unclear).await;
            assert_eq!(finished, Finished::Uncertain);
            let seen = copy(&stage, "ONE");
            for work in [&first, &second] {
                looked_at(&stage, work, &seen).await;
            }
            assert_eq!(stage.record(&seen).await, Recorded::Parked);
            let (store, person) = (stage.store(), Stage::person());
            let settled = store.settle_by_person(first.message, verdict, &person, stage.now);
            settled.await.expect("settled");
            assert_eq!(told(&stage, first.message).await, status, "{verdict:?}");
            assert_eq!(told(&stage, second.message).await, (Uncertain, None));
        }
    }
}

/// An accepted message whose answer told no id has a copy in the chat: it proves nothing for one in doubt.
#[tokio::test]
async fn the_copy_of_a_message_that_was_accepted_without_an_id_proves_no_other() {
    for mut stage in Stage::each().await {
        let first = doubt(&mut stage).await;
        let second = being_sent(&mut stage, first.contact).await;
        let answer = SendAnswer::Accepted { raw_id: None };
        stage.finish(second.attempt, answer).await;
        let seen = copy(&stage, "SECOND");
        looked_at(&stage, &first, &seen).await;
        stage.record(&seen).await;
        assert_eq!(told(&stage, first.message).await, (Uncertain, None));
        assert_eq!(told(&stage, second.message).await, with_id("SECOND"));
    }
}
