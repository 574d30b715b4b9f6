//! Compositions that end before their commit, and what is told of them.

use chrono::TimeDelta;
use domain::{
    outcome::SendAnswer,
    session::SessionState,
    wait::{AwaitedPerson, Ends, WaitReason},
    wire::CompositionEnd,
};
use storage::{ReleaseOutcome, ReleaseReason};

use super::stage::{Stage, even_pace, groom, text};

/// Compositions that break off: each backs off longer, the third in a day waits for a person.
#[tokio::test]
async fn abandoned_compositions_back_off_and_end_with_a_person() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let ends = [
            ReleaseReason::Lost,
            ReleaseReason::CompositionEnded(CompositionEnd::Deadline),
            ReleaseReason::CompositionEnded(CompositionEnd::ReadyExpired),
        ];
        for (times, why) in (1..).zip(ends) {
            let work = stage.taken().await;
            let released = stage.release(work.attempt, why).await;
            let eligible_at = match times {
                1 => Some(stage.now + TimeDelta::seconds(30)),
                2 => Some(stage.now + TimeDelta::minutes(2)),
                _ => None,
            };
            assert_eq!(released, ReleaseOutcome::Pending { eligible_at }, "{times}");
            stage.later(TimeDelta::minutes(5));
            stage.take_lease().await;
        }
        let row = stage.row(message).await;
        let wait = row.wait.unwrap();
        assert_eq!(
            (wait.reason, wait.ends),
            (WaitReason::Abandoned, Ends::Person(AwaitedPerson::Review))
        );
        assert_eq!(row.attempts, 3);
        // Their writing does not end it: a person has to look.
        stage.writes(1, stage.now).await;
        assert_eq!(stage.row(message).await.wait, Some(wait));
        let slots = "SELECT CAST(count(*) AS BIGINT) AS value FROM send_reservation WHERE state = 'abandoned'";
        assert_eq!(stage.int(slots).await, Some(3));
    }
}

#[tokio::test]
async fn what_others_ended_is_not_counted_against_the_message() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let ends = [
            ReleaseReason::Preempted,
            ReleaseReason::Stopping,
            ReleaseReason::CompositionEnded(CompositionEnd::Cancelled),
            ReleaseReason::CompositionEnded(CompositionEnd::Stopping),
            ReleaseReason::Away(WaitReason::SessionAway),
        ];
        for why in ends {
            let work = stage.taken().await;
            let released = stage.release(work.attempt, why).await;
            let eligible_at = Some(stage.now);
            assert_eq!(released, ReleaseOutcome::Pending { eligible_at }, "{why:?}");
            assert_eq!(stage.row(message).await.attempts, 0, "{why:?}");
        }
        let (_, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::SessionAway);
    }
}

/// The integration ends it before the own message is stored; the next claim knows all the same.
#[tokio::test]
async fn a_composition_ended_by_hand_typing_waits_for_the_hold() {
    for mut stage in Stage::each().await {
        stage.pacing = even_pace();
        let contact = stage.writer(1).await;
        let message = stage
            .queue_with(contact, |m| m.text = text("12345678"))
            .await;
        let why = ReleaseReason::CompositionEnded(CompositionEnd::HandTyped);
        let work = stage.taken().await;
        stage.release(work.attempt, why).await;
        assert_eq!(stage.row(message).await.attempts, 0);
        stage.idle().await;
        // The next composition of 1 + 8 + 1 seconds is done when the hold is over.
        let starts = stage.now + TimeDelta::minutes(30) - TimeDelta::seconds(10);
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(
            (wait.reason, wait.ends),
            (WaitReason::HandTyped, Ends::At(starts))
        );
    }
}

#[tokio::test]
async fn a_commit_that_never_led_to_a_call_counts_as_broken_off() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        for _ in 0..2 {
            let work = stage.committed().await;
            assert_eq!(work.message, message);
            stage.finish(work.attempt, SendAnswer::NeverCalled).await;
            stage.backed_off().await;
        }
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::Abandoned);
        let state = stage
            .store()
            .session(&groom())
            .await
            .unwrap()
            .unwrap()
            .state;
        assert_eq!(state, SessionState::Connected);
    }
}

#[tokio::test]
async fn phases_are_told_of_the_newest_attempt_only() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.taken().await;
        let store = stage.store();
        store
            .record_phase(
                work.attempt,
                message,
                "typing",
                stage.now,
                Some(4_000),
                None,
            )
            .await
            .unwrap();
        let other = stage.writer(2).await;
        let another = stage.queue(other).await;
        store
            .record_phase(work.attempt, another, "typing", stage.now, None, None)
            .await
            .unwrap();
        let told = store.timeline(message).await.unwrap();
        let typing: Vec<_> = told
            .iter()
            .filter(|event| event.phase == "typing")
            .collect();
        assert_eq!(typing.len(), 1);
        assert_eq!(typing[0].duration_ms, Some(4_000));
        assert!(
            store
                .timeline(another)
                .await
                .unwrap()
                .iter()
                .all(|event| event.phase != "typing")
        );
    }
}
