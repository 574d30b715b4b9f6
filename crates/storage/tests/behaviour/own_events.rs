//! Own messages seen in events: the queue's, parked until it shows, or typed by hand.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    message_status::MessageStatus,
    outcome::SendAnswer,
    wire::{AckFact, ObservedMessage},
};
use storage::{AckRecorded, Finished, Recorded, Settled, Work};

use super::stage::{Stage, accepted, chat, groom, own};

const TEXT: &str = "Save the date";

async fn doubt(stage: &mut Stage) -> Work {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    stage.doubted().await
}

async fn look(stage: &Stage, work: &Work, seen: &[ObservedMessage]) -> Settled {
    stage
        .store()
        .settle_from_chat(work.attempt, seen, stage.now)
        .await
        .expect("an answer")
}

const fn is_open(settled: &Settled) -> bool {
    matches!(settled, Settled::StillUncertain { .. })
}

#[tokio::test]
async fn an_event_ends_the_doubt_by_the_same_rule() {
    for mut stage in Stage::each().await {
        let work = doubt(&mut stage).await;
        let other = own(chat(1), "OTHER", "See you", stage.now);
        assert_eq!(stage.record(&other).await, Recorded::Parked);
        let seen = own(chat(1), "RAW", TEXT, stage.now);
        let message = work.message;
        assert_eq!(
            stage.record(&seen).await,
            Recorded::OwnFromQueue { message }
        );
        assert_eq!(stage.status(message).await, MessageStatus::Sent);
        // Told again; and what is left unexplained was typed by hand.
        assert_eq!(
            stage.record(&seen).await,
            Recorded::OwnFromQueue { message }
        );
        let contact = work.contact;
        assert_eq!(
            stage.record(&other).await,
            Recorded::TypedByHand {
                contact,
                new: false
            }
        );
        let typed = "SELECT hand_typed_at AS value FROM contact_session";
        assert_eq!(stage.int(typed).await, Some(stage.now.timestamp_millis()));
    }
}

/// The event often comes before the answer: while the call runs it is kept, and the answer explains it.
#[tokio::test]
async fn an_event_before_the_answer_is_parked_until_the_answer_explains_it() {
    for (answer, finished) in [
        (accepted("RAW"), Finished::Sent),
        (SendAnswer::Unclear, Finished::Sent),
    ] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            stage.queue(contact).await;
            let work = stage.committed().await;
            assert_eq!(
                stage.record(&own(chat(1), "RAW", TEXT, stage.now)).await,
                Recorded::Parked
            );
            assert_eq!(stage.status(work.message).await, MessageStatus::Sending);
            assert_eq!(
                stage.finish(work.attempt, answer.clone()).await,
                finished,
                "{answer:?}"
            );
            let row = stage.row(work.message).await;
            assert_eq!(
                (row.status, row.raw_id.as_deref()),
                (MessageStatus::Sent, Some("RAW"))
            );
            let origin =
                "SELECT origin AS value FROM conversation_message WHERE direction = 'outbound'";
            assert_eq!(stage.db.texts(origin).await, [Some("queue".to_owned())]);
        }
    }
}

#[tokio::test]
async fn a_parked_message_that_nothing_explains_was_typed_by_hand() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        let typed = own(chat(1), "HAND", "I am on my way", stage.now);
        assert_eq!(stage.record(&typed).await, Recorded::Parked);
        stage.finish(work.attempt, accepted("RAW")).await;
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand {
                contact,
                new: false
            }
        );
    }
}

/// A composition has sent nothing: what is seen then was typed by hand, and holds the message back.
#[tokio::test]
async fn what_is_typed_during_a_composition_is_not_ours() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        let typed = own(chat(1), "HAND", TEXT, stage.now);
        assert_eq!(
            stage.record(&typed).await,
            Recorded::TypedByHand { contact, new: true }
        );
        let recheck = stage.recheck(&work).await;
        assert!(
            matches!(recheck, storage::Recheck::Back(wait) if wait.reason == domain::wait::WaitReason::HandTyped)
        );
        // Known before the commit, it can never be taken for the message.
        stage.later(TimeDelta::minutes(31));
        stage.take_lease().await;
        let work = stage.taken().await;
        assert_eq!(work.message, message);
        stage.now += work.plan.total();
        stage.take_lease().await;
        stage.commit(&work).await;
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        let moved = own(chat(1), "HAND", TEXT, stage.now);
        assert!(is_open(&look(&stage, &work, &[moved]).await));
    }
}

#[tokio::test]
async fn the_chosen_id_in_an_event_settles_also_while_sending() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        stage.now += work.plan.total();
        stage.take_lease().await;
        stage
            .store()
            .commit(stage.claimer(), &work, Some("CHOSEN"), stage.now)
            .await
            .unwrap();
        let message = work.message;
        let mut seen = own(chat(1), "CHOSEN", TEXT, stage.now);
        seen.ack = Some(Ack::Server);
        assert_eq!(
            stage.record(&seen).await,
            Recorded::OwnFromQueue { message }
        );
        // Whatever the answer says, or that there is none: it is there.
        assert_eq!(
            stage.finish(work.attempt, SendAnswer::Unclear).await,
            Finished::Sent
        );
        let row = stage.row(message).await;
        assert_eq!(
            (row.status, row.raw_id.as_deref()),
            (MessageStatus::Sent, Some("CHOSEN"))
        );
        let ack = "SELECT ack AS value FROM whatsapp_message_queue";
        assert_eq!(stage.int(ack).await, Some(1));
    }
}

#[tokio::test]
async fn a_receipt_for_the_chosen_id_ends_the_doubt() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        stage.now += work.plan.total();
        stage.take_lease().await;
        stage
            .store()
            .commit(stage.claimer(), &work, Some("CHOSEN"), stage.now)
            .await
            .unwrap();
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        let fact = AckFact {
            raw_id: "CHOSEN".to_owned(),
            ack: Ack::Device,
            at: stage.now,
        };
        let recorded = stage.store().record_ack(&groom(), &fact).await.unwrap();
        assert_eq!(recorded, AckRecorded::Known(work.message));
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.delivered_at),
            (MessageStatus::Sent, Some(stage.now))
        );
    }
}
