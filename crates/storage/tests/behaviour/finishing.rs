//! The end of an attempt's one call: what each answer proves, and what follows from it.

use chrono::TimeDelta;
use domain::{
    lane::Lane,
    message_status::MessageStatus,
    outcome::{FailureReason, SendAnswer},
    release::Lock,
    session::SessionState,
    wait::WaitReason,
};
use storage::Finished;

use super::stage::{Stage, accepted, chat, groom, own};

const RESERVATION: &str = "SELECT state || CASE WHEN ended_at IS NULL THEN '' ELSE ' ended' END AS value FROM send_reservation ORDER BY id DESC";

/// Each answer: the end, the status, the slot.
#[tokio::test]
async fn each_answer_proves_what_the_table_says() {
    let away = Finished::PutBack(WaitReason::SessionAway);
    let key = Finished::PutBack(WaitReason::KeyRefused);
    let slow_down = Finished::PutBack(WaitReason::BackOff);
    let restricted = Finished::PutBack(WaitReason::SessionLocked);
    let refused = Finished::PutBack(WaitReason::ContactRefused);
    let cases = [
        (
            accepted("RAW"),
            Finished::Sent,
            MessageStatus::Sent,
            "committed ended",
        ),
        (
            SendAnswer::Accepted { raw_id: None },
            Finished::Sent,
            MessageStatus::Sent,
            "committed ended",
        ),
        (
            SendAnswer::NeverCalled,
            away,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::ConnectionRefused,
            away,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::SessionAway,
            away,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::SessionMissing,
            away,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::KeyRefused,
            key,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::SlowDown,
            slow_down,
            MessageStatus::Pending,
            "abandoned",
        ),
        (
            SendAnswer::BadRequest,
            Finished::Failed(FailureReason::BadRequest),
            MessageStatus::Failed,
            "abandoned",
        ),
        (
            SendAnswer::NoLid,
            Finished::Failed(FailureReason::NotReachable),
            MessageStatus::Failed,
            "abandoned",
        ),
        (
            SendAnswer::Restricted { until: None },
            restricted,
            MessageStatus::Pending,
            "committed ended",
        ),
        (
            SendAnswer::ContactRefused,
            refused,
            MessageStatus::Pending,
            "committed ended",
        ),
        (
            SendAnswer::Unclear,
            Finished::Uncertain,
            MessageStatus::Uncertain,
            "committed ended",
        ),
    ];
    for (answer, expected, status, slot) in cases {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            stage.queue(contact).await;
            let work = stage.committed().await;
            let finished = stage.finish(work.attempt, answer.clone()).await;
            assert_eq!(finished, expected, "{answer:?}");
            let row = stage.row(work.message).await;
            assert_eq!(row.status, status, "{answer:?}");
            assert_eq!(
                stage.text(RESERVATION).await.as_deref(),
                Some(slot),
                "{answer:?}"
            );
            let attempts = i64::from(slot != "abandoned" || status != MessageStatus::Pending);
            assert_eq!(row.attempts, attempts, "{answer:?}");
            // Told a second time, nothing changes.
            let before = format!("{row:?}");
            let outcome = stage.outcome(work.attempt, answer.clone());
            if status != MessageStatus::Pending {
                assert_eq!(
                    stage.finish_with(&outcome).await,
                    Finished::AlreadyDone,
                    "{answer:?}"
                );
                assert_eq!(format!("{:?}", stage.row(work.message).await), before);
            }
        }
    }
}

#[tokio::test]
async fn a_sent_message_counts_for_its_contact_and_draws_the_pause() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.sent("RAW").await;
        let answered = stage.now.timestamp_millis();
        let row = stage.row(work.message).await;
        assert_eq!(row.raw_id.as_deref(), Some("RAW"));
        assert_eq!(row.sent_at.map(|at| at.timestamp_millis()), Some(answered));
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(known.sessions[0].unanswered, 1);
        assert_eq!(
            known.sessions[0]
                .last_out_at
                .map(|at| at.timestamp_millis()),
            Some(answered)
        );
        let said = "SELECT origin || ' ' || body || ' ' || full_id AS value FROM conversation_message WHERE direction = 'outbound'";
        let expected = format!("queue Save the date true_{}_RAW", chat(1));
        assert_eq!(stage.text(said).await, Some(expected));
        let gaps = "SELECT automatic_gap_until - reply_gap_until AS value FROM session_number WHERE session = 'groom'";
        // 3600 s / 10 × 0.6 to 1.4 against 3 s.
        let apart = stage.int(gaps).await.unwrap() + 3_000;
        assert!((180_000..=504_000).contains(&apart), "{apart}");
        let phases: Vec<String> = stage
            .store()
            .timeline(work.message)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.phase)
            .collect();
        assert_eq!(phases, ["queued", "claimed", "committed", "sent"]);
        // Their answer makes everything answered.
        stage.writes(1, stage.now + TimeDelta::zero()).await;
        let known = stage.store().contact(contact).await.unwrap().unwrap();
        assert_eq!(known.sessions[0].unanswered, 0);
    }
}

#[tokio::test]
async fn what_provably_was_not_sent_draws_no_pause_and_the_session_waits() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        let work = stage.committed().await;
        stage
            .finish(work.attempt, SendAnswer::ConnectionRefused)
            .await;
        let gap = "SELECT automatic_gap_until AS value FROM session_number WHERE session = 'groom'";
        assert_eq!(stage.int(gap).await, None);
        let wait = stage.row(message).await.wait.unwrap();
        assert_eq!(wait.reason, WaitReason::BackOff);
        // No composition for nothing until the session is seen connected again.
        stage.backed_off().await;
        let (_, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::SessionAway);
        stage
            .sees(&groom(), SessionState::Connected, stage.now)
            .await;
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn a_refused_key_is_the_session_s_problem() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        stage.finish(work.attempt, SendAnswer::KeyRefused).await;
        stage.backed_off().await;
        let (_, waiting) = stage.idle().await;
        assert_eq!(waiting.unwrap().reason, WaitReason::KeyRefused);
    }
}

/// Six hours, then a day, then a person; quiet for a week, it begins anew.
#[tokio::test]
async fn restrictions_lock_longer_each_time() {
    for mut stage in Stage::each().await {
        let mut until = stage.now;
        for (n, hours) in [(1, Some(6)), (2, Some(24)), (3, None)] {
            stage.now = until + TimeDelta::hours(1);
            stage.take_lease().await;
            stage
                .sees(&groom(), SessionState::Connected, stage.now)
                .await;
            let contact = stage.guest(n).await;
            stage.writes(n, stage.now - TimeDelta::minutes(5)).await;
            stage.queue_with(contact, |m| m.send_now = true).await;
            let work = stage.committed().await;
            stage
                .finish(work.attempt, SendAnswer::Restricted { until: None })
                .await;
            let lock = stage.store().session(&groom()).await.unwrap().unwrap().lock;
            let expected = hours.map_or(Lock::Person, |hours| {
                until = stage.now + TimeDelta::hours(hours);
                Lock::Until(until)
            });
            assert_eq!(lock, Some(expected), "lock {n}");
            let next = stage.writer(n + 10).await;
            stage.queue(next).await;
            let (_, waiting) = stage.idle().await;
            assert_eq!(waiting.unwrap().reason, WaitReason::SessionLocked);
            stage.tamper("UPDATE whatsapp_message_queue SET due = 0, status = 'cancelled' WHERE status = 'pending'").await;
        }
        stage
            .store()
            .unlock(&groom(), &Stage::person(), stage.now)
            .await
            .unwrap();
        let lock = stage.store().session(&groom()).await.unwrap().unwrap().lock;
        assert_eq!(lock, None);
    }
}

/// The posted outcome comes before or after the worker's own, once or more, with or without a lease.
#[tokio::test]
async fn a_posted_outcome_ends_the_attempt_whoever_holds_the_lease() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        let (store, rules) = (stage.store(), stage.rules.clone());
        let now = stage.now + TimeDelta::seconds(2);
        let unclear = stage.outcome(work.attempt, SendAnswer::Unclear);
        let recorded = store
            .record_outcome(&groom(), &unclear, &rules, now, &mut stage.dice)
            .await;
        assert_eq!(recorded.unwrap(), Finished::AlreadyDone);
        assert_eq!(stage.status(work.message).await, MessageStatus::Sending);
        let outcome = stage.outcome(work.attempt, accepted("RAW"));
        let recorded = store
            .record_outcome(&groom(), &outcome, &rules, now, &mut stage.dice)
            .await;
        assert_eq!(recorded.unwrap(), Finished::Sent);
        stage.later(TimeDelta::seconds(3));
        assert_eq!(stage.finish_with(&outcome).await, Finished::AlreadyDone);
        assert_eq!(stage.unanswered().await, 1);
    }
}

#[tokio::test]
async fn a_late_answer_ends_a_doubt_without_a_second_pause() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.doubted().await;
        let gap = "SELECT automatic_gap_until AS value FROM session_number WHERE session = 'groom'";
        let drawn = stage.int(gap).await;
        assert!(drawn.is_some());
        stage.later(TimeDelta::minutes(10));
        let (store, rules, now) = (stage.store(), stage.rules.clone(), stage.now);
        let outcome = stage.outcome(work.attempt, accepted("RAW"));
        let recorded = store
            .record_outcome(&groom(), &outcome, &rules, now, &mut stage.dice)
            .await;
        assert_eq!(recorded.unwrap(), Finished::Sent);
        assert_eq!(stage.int(gap).await, drawn);
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.raw_id.as_deref()),
            (MessageStatus::Sent, Some("RAW"))
        );
    }
}

/// Accepted, but the answer told no id: the message itself, seen before or after, tells it.
#[tokio::test]
async fn an_answer_without_an_id_learns_it_from_the_message() {
    for seen_first in [true, false] {
        for mut stage in Stage::each().await {
            let contact = stage.writer(1).await;
            stage.queue(contact).await;
            let work = stage.committed().await;
            let seen = own(chat(1), "RAW", "Save the date", stage.now);
            if seen_first {
                assert_eq!(stage.record(&seen).await, storage::Recorded::Parked);
            }
            stage
                .finish(work.attempt, SendAnswer::Accepted { raw_id: None })
                .await;
            if !seen_first {
                assert_eq!(stage.row(work.message).await.raw_id, None);
                let message = work.message;
                assert_eq!(
                    stage.record(&seen).await,
                    storage::Recorded::OwnFromQueue { message }
                );
            }
            assert_eq!(stage.row(work.message).await.raw_id.as_deref(), Some("RAW"));
            let origin =
                "SELECT origin AS value FROM conversation_message WHERE direction = 'outbound'";
            assert_eq!(stage.db.texts(origin).await, [Some("queue".to_owned())]);
            let typed = "SELECT hand_typed_at AS value FROM contact_session";
            assert_eq!(stage.int(typed).await, None);
        }
    }
}

#[tokio::test]
async fn an_id_that_another_message_owns_is_left_to_it() {
    for mut stage in Stage::each().await {
        let contacts = [stage.writer(1).await, stage.writer(2).await];
        for contact in contacts {
            stage.queue_with(contact, |m| m.send_now = true).await;
        }
        let first = stage.sent("RAW").await;
        stage.later(TimeDelta::seconds(5));
        let second = stage.sent("RAW").await;
        assert_eq!(
            stage.row(first.message).await.raw_id.as_deref(),
            Some("RAW")
        );
        assert_eq!(stage.row(second.message).await.raw_id, None);
    }
}

#[tokio::test]
async fn what_waited_for_the_end_is_due_after_it() {
    for answer in [
        accepted("RAW"),
        SendAnswer::BadRequest,
        SendAnswer::SessionAway,
        SendAnswer::Unclear,
    ] {
        for mut stage in Stage::each().await {
            let contact = stage.guest(1).await;
            stage.writes(1, stage.now).await;
            stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
            let work = stage.committed().await;
            let held = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
            let aside = format!(
                "UPDATE whatsapp_message_queue SET due = 0, wait_reason = 'earlier_open', wait_ends = 'event:earlier_ends' WHERE id = '{held}'"
            );
            stage.tamper(&aside).await;
            stage.finish(work.attempt, answer.clone()).await;
            let due =
                format!("SELECT due AS value FROM whatsapp_message_queue WHERE id = '{held}'");
            assert_eq!(stage.int(&due).await, Some(1), "{answer:?}");
            assert_eq!(stage.row(held).await.wait, None);
        }
    }
}
