//! Receipts in every order, doubled, early and late.

use chrono::TimeDelta;
use domain::{
    ack::Ack, message_status::MessageStatus, outcome::FailureReason, release::Lock, wire::AckFact,
};
use storage::{AckRecorded, Changed};

use super::stage::{Stage, groom};

pub(crate) async fn receive(stage: &Stage, raw_id: &str, ack: Ack, secs: i64) -> AckRecorded {
    let fact = AckFact {
        raw_id: raw_id.to_owned(),
        ack,
        at: stage.now + TimeDelta::seconds(secs),
    };
    stage
        .store()
        .record_ack(&groom(), &fact)
        .await
        .expect("recorded")
}

async fn sent(stage: &mut Stage) -> domain::ids::MessageId {
    let contact = stage.writer(1).await;
    stage.queue(contact).await;
    stage.sent("RAW").await.message
}

#[tokio::test]
async fn receipts_are_folded_into_their_message() {
    for mut stage in Stage::each().await {
        let message = sent(&mut stage).await;
        for (ack, secs) in [
            (Ack::Server, 1),
            (Ack::Read, 3),
            (Ack::Device, 2),
            (Ack::Device, 9),
            (Ack::Error, 10),
        ] {
            assert_eq!(
                receive(&stage, "RAW", ack, secs).await,
                AckRecorded::Known(message)
            );
        }
        let row = stage.row(message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.delivered_at, Some(stage.now + TimeDelta::seconds(2)));
        assert_eq!(row.read_at, Some(stage.now + TimeDelta::seconds(3)));
        let told: Vec<_> = stage
            .store()
            .timeline(message)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.phase)
            .collect();
        assert_eq!(told.iter().filter(|phase| *phase == "read").count(), 1);
        assert_eq!(told.iter().filter(|phase| *phase == "delivered").count(), 1);
    }
}

#[tokio::test]
async fn a_refusal_fails_what_nothing_better_was_seen_of() {
    for mut stage in Stage::each().await {
        let message = sent(&mut stage).await;
        receive(&stage, "RAW", Ack::Pending, 1).await;
        let failed = AckRecorded::Failed {
            message,
            session_errors_last_30min: 1,
        };
        assert_eq!(receive(&stage, "RAW", Ack::Error, 2).await, failed);
        let row = stage.row(message).await;
        assert_eq!(
            (row.status, row.last_error),
            (
                MessageStatus::Failed,
                Some(FailureReason::RefusedByWhatsapp)
            )
        );
        // Told again, it is answered again: whoever locks because of it may have been interrupted.
        assert_eq!(receive(&stage, "RAW", Ack::Error, 3).await, failed);
        let told = stage.store().timeline(message).await.unwrap();
        assert_eq!(
            told.iter().filter(|event| event.phase == "failed").count(),
            1
        );
    }
}

/// Receipts come out of order: what was refused at first and then got a better one is sent again.
#[tokio::test]
async fn a_better_receipt_makes_a_refused_message_a_sent_one() {
    for mut stage in Stage::each().await {
        let message = sent(&mut stage).await;
        receive(&stage, "RAW", Ack::Error, 1).await;
        assert_eq!(stage.status(message).await, MessageStatus::Failed);
        assert_eq!(
            receive(&stage, "RAW", Ack::Device, 2).await,
            AckRecorded::Known(message)
        );
        let row = stage.row(message).await;
        assert_eq!((row.status, row.last_error), (MessageStatus::Sent, None));
        assert_eq!(row.delivered_at, Some(stage.now + TimeDelta::seconds(2)));
        let told = stage.store().timeline(message).await.unwrap();
        let told: Vec<_> = told
            .iter()
            .map(|event| (event.phase.as_str(), event.detail.as_deref()))
            .collect();
        let end = [
            ("failed", Some("refused_by_whatsapp")),
            ("delivered", None),
            ("sent", Some("receipt")),
        ];
        assert_eq!(told[told.len() - 3..], end);
        // It is no failure, whatever comes now: nobody can try it again, and the guest would not get it twice.
        receive(&stage, "RAW", Ack::Error, 3).await;
        assert_eq!(stage.status(message).await, MessageStatus::Sent);
        let retried = stage
            .store()
            .retry(message, &Stage::person(), stage.now)
            .await
            .unwrap();
        assert!(
            matches!(retried, Changed::WrongStatus(MessageStatus::Sent)),
            "{retried:?}"
        );
        stage.idle().await;
    }
}

#[tokio::test]
async fn the_second_contact_that_refuses_in_half_an_hour_locks_the_session() {
    for mut stage in Stage::each().await {
        for n in 1..=2 {
            refused(&mut stage, n).await;
            let lock = stage.store().session(&groom()).await.unwrap().unwrap().lock;
            let until = Lock::Until(stage.now + TimeDelta::hours(6));
            assert_eq!(lock, (n == 2).then_some(until), "after {n}");
        }
        // Told again, it does not lock again: the lock would never end.
        receive(&stage, "RAW2", Ack::Error, 600).await;
        let session = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(
            session.lock,
            Some(Lock::Until(stage.now + TimeDelta::hours(6)))
        );
    }
}

/// A refusal that was taken back is no sign of a restriction.
#[tokio::test]
async fn what_arrived_after_all_is_not_counted_as_refused() {
    for mut stage in Stage::each().await {
        refused(&mut stage, 1).await;
        receive(&stage, "RAW1", Ack::Server, 1).await;
        assert_eq!(refused(&mut stage, 2).await, 1);
        let session = stage.store().session(&groom()).await.unwrap().unwrap();
        assert_eq!(session.lock, None);
    }
}

/// The n-th guest's message, sent five minutes later, is refused; how many contacts refused lately.
async fn refused(stage: &mut Stage, n: u64) -> u32 {
    stage.later(TimeDelta::minutes(5));
    stage.take_lease().await;
    let contact = stage.guest(n).await;
    stage.writes(n, stage.now).await;
    stage.queue_with(contact, |m| m.send_now = true).await;
    let raw_id = format!("RAW{n}");
    stage.sent(&raw_id).await;
    match receive(stage, &raw_id, Ack::Error, 0).await {
        AckRecorded::Failed {
            session_errors_last_30min,
            ..
        } => session_errors_last_30min,
        other => panic!("it did not fail: {other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_that_nothing_contradicts_can_be_tried_again() {
    for mut stage in Stage::each().await {
        let message = sent(&mut stage).await;
        for (ack, secs) in [(Ack::Error, 1), (Ack::Pending, 2)] {
            receive(&stage, "RAW", ack, secs).await;
        }
        let retried = stage
            .store()
            .retry(message, &Stage::person(), stage.now)
            .await
            .unwrap();
        assert!(matches!(retried, Changed::Done(_)), "{retried:?}");
        assert_eq!(stage.status(message).await, MessageStatus::Pending);
    }
}

#[tokio::test]
async fn refusals_of_different_contacts_in_half_an_hour_are_counted() {
    for mut stage in Stage::each().await {
        let (mut counts, start) = (Vec::new(), stage.now);
        for (n, minutes) in [(1, 0), (1, 5), (2, 10), (3, 41)] {
            stage.now = start + TimeDelta::minutes(minutes);
            // Two contacts lock it; here they are only counted.
            stage
                .store()
                .unlock(&groom(), &Stage::person(), stage.now)
                .await
                .unwrap();
            stage.take_lease().await;
            let contact = stage.guest(n).await;
            stage.writes(n, stage.now).await;
            stage.queue_with(contact, |m| m.send_now = true).await;
            let raw_id = format!("RAW{}", counts.len());
            stage.sent(&raw_id).await;
            let AckRecorded::Failed {
                session_errors_last_30min,
                ..
            } = receive(&stage, &raw_id, Ack::Error, 0).await
            else {
                panic!("it did not fail");
            };
            counts.push(session_errors_last_30min);
        }
        assert_eq!(counts, [1, 1, 2, 1]);
    }
}

#[tokio::test]
async fn a_receipt_before_the_id_is_known_waits_for_it() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        let at = stage.now;
        assert_eq!(
            receive(&stage, "RAW", Ack::Device, 2).await,
            AckRecorded::Unknown
        );
        assert_eq!(
            receive(&stage, "RAW", Ack::Error, 1).await,
            AckRecorded::Unknown
        );
        stage
            .finish(work.attempt, super::stage::accepted("RAW"))
            .await;
        let row = stage.row(work.message).await;
        assert_eq!(row.status, MessageStatus::Sent);
        assert_eq!(row.delivered_at, Some(at + TimeDelta::seconds(2)));
        let parked = "SELECT CAST(count(*) AS BIGINT) AS value FROM ack_parking";
        assert_eq!(stage.int(parked).await, Some(0));
    }
}

#[tokio::test]
async fn a_refusal_before_the_id_is_known_fails_the_message_when_it_is() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        receive(&stage, "RAW", Ack::Error, 1).await;
        stage
            .finish(work.attempt, super::stage::accepted("RAW"))
            .await;
        assert_eq!(stage.status(work.message).await, MessageStatus::Failed);
    }
}

#[tokio::test]
async fn receipts_that_nobody_claims_are_forgotten_after_three_days() {
    for mut stage in Stage::each().await {
        receive(&stage, "OLD", Ack::Device, 0).await;
        stage.later(TimeDelta::days(3));
        receive(&stage, "NEW", Ack::Device, 0).await;
        let parked = "SELECT raw_id AS value FROM ack_parking ORDER BY raw_id";
        assert_eq!(stage.db.texts(parked).await.len(), 2);
        receive(&stage, "NEWER", Ack::Device, 1).await;
        let left = ["NEW", "NEWER"].map(|raw_id| Some(raw_id.to_owned()));
        assert_eq!(stage.db.texts(parked).await, left);
    }
}
