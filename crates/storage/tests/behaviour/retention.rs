//! Old history is deleted, and every promise that was made with it holds.

use chrono::TimeDelta;
use domain::{
    ack::Ack,
    config::GlobalConfig,
    ids::{MessageId, TokenId},
    message_status::MessageStatus,
    outcome::SendAnswer,
    wire::AckFact,
};
use rstest::rstest;
use storage::{Changed, Commit, Enqueued, Idempotency, PersonVerdict, ReleaseReason};

use super::stage::Stage;

/// Prunes until nothing is left to prune; the rows removed from that table.
async fn prune(stage: &Stage, table: &str) -> u64 {
    prune_by(&GlobalConfig::default(), stage, table).await
}

/// The same by these settings.
async fn prune_by(config: &GlobalConfig, stage: &Stage, table: &str) -> u64 {
    let mut removed = 0;
    loop {
        let pruned = stage.store().prune(config, stage.now).await.unwrap();
        let rows = |one: &&storage::Pruned| one.what == table;
        removed += pruned.iter().filter(rows).map(|one| one.rows).sum::<u64>();
        if !pruned.iter().any(storage::Pruned::is_full) {
            return removed;
        }
    }
}

async fn ack(stage: &Stage, raw_id: &str, ack: Ack) {
    let fact = AckFact {
        raw_id: raw_id.to_owned(),
        ack,
        at: stage.now,
    };
    let recorded = stage.store().record_ack(&stage.session, &fact).await;
    recorded.unwrap();
}

async fn later(stage: &mut Stage, days: i64) {
    stage.later(TimeDelta::days(days));
    stage.take_lease().await;
}

#[tokio::test]
async fn counts_the_last_send_for_ever_when_its_slot_is_old() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let first = stage.queue(contact).await;
        stage.sent("ONE").await;
        later(&mut stage, 1).await;
        let second = stage.queue(contact).await;
        stage.sent("TWO").await;
        stage
            .tamper("UPDATE contact_session SET last_out_at = NULL")
            .await;
        let before = stage.store().explain(second, stage.now).await.unwrap();
        later(&mut stage, 100).await;

        assert_eq!(prune(&stage, "send_reservation").await, 1);

        let left = "SELECT message_id AS value FROM send_reservation";
        assert_eq!(stage.text(left).await, Some(second.to_string()));
        let after = stage.store().explain(first, stage.now).await.unwrap();
        assert_eq!(
            after.unwrap().contact.last_out_at,
            before.unwrap().contact.last_out_at
        );
    }
}

#[tokio::test]
async fn finds_the_first_copy_by_its_receipt_when_a_retry_is_older_than_every_window() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let id = stage.queue(contact).await;
        stage.sent("FIRST").await;
        ack(&stage, "FIRST", Ack::Error).await;
        assert_eq!(stage.status(id).await, MessageStatus::Failed);
        let person = Stage::person();
        let retried = stage.store().retry(id, &person, stage.now).await.unwrap();
        assert!(matches!(retried, Changed::Done(_)));
        later(&mut stage, 1).await;
        stage.queue(contact).await;
        stage.sent("OTHER").await;
        later(&mut stage, 100).await;
        prune(&stage, "send_reservation").await;

        ack(&stage, "FIRST", Ack::Device).await;

        assert_eq!(stage.status(id).await, MessageStatus::Sent);
    }
}

#[rstest]
#[case(29, true)]
#[case(31, false)]
#[tokio::test]
async fn answers_a_repeated_call_for_thirty_days(#[case] days: i64, #[case] repeated: bool) {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = [stage.new_message(contact)];
        let key = Idempotency {
            key: "key".to_owned(),
            owner: TokenId::new(stage.now, &mut stage.dice),
            fingerprint: "print".to_owned(),
        };
        let first = stage.store().enqueue(&message, Some(&key), stage.now).await;
        assert!(matches!(first.unwrap(), Enqueued::New(_)));
        stage.later(TimeDelta::days(days));
        prune(&stage, "idempotency_key").await;

        let again = [stage.new_message(contact)];
        let again = stage.store().enqueue(&again, Some(&key), stage.now).await;

        assert_eq!(matches!(again.unwrap(), Enqueued::Repeated(_)), repeated);
    }
}

#[tokio::test]
async fn keeps_the_timeline_of_what_is_not_over_when_it_is_old() {
    for mut stage in Stage::each().await {
        let (writer, silent) = (stage.writer(1).await, stage.guest(2).await);
        let sent = stage.queue(writer).await;
        stage.sent("ONE").await;
        let waiting = stage.queue(silent).await;
        later(&mut stage, 300).await;
        let recent = stage.queue(writer).await;
        stage.sent("TWO").await;
        let lines =
            async |stage: &Stage, id: MessageId| stage.store().timeline(id).await.unwrap().len();
        let (of_waiting, of_recent) = (lines(&stage, waiting).await, lines(&stage, recent).await);
        prune(&stage, "whatsapp_message_event").await;
        assert_ne!(lines(&stage, sent).await, 0, "less than a year old");
        stage.later(TimeDelta::days(66));

        prune(&stage, "whatsapp_message_event").await;

        assert_eq!(lines(&stage, sent).await, 0);
        assert_eq!(lines(&stage, waiting).await, of_waiting);
        assert_eq!(lines(&stage, recent).await, of_recent);
    }
}

/// The step of a message and the line of the log are as old as the setting says, less or more than the default.
#[rstest]
#[tokio::test]
async fn keeps_the_log_and_the_timelines_for_as_many_days_as_are_configured(
    #[values(100, 700)] days: i64,
    #[values("audit_log", "whatsapp_message_event")] table: &str,
) {
    let mut config = GlobalConfig::default();
    config.limits.history_days = days.try_into().unwrap();
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("ONE").await;
        let (store, person) = (stage.store(), Stage::person());
        let paused = store.pause(&stage.session, &person, stage.now);
        paused.await.unwrap();
        for (later, kept) in [(days - 1, true), (2, false)] {
            stage.later(TimeDelta::days(later));
            let removed = prune_by(&config, &stage, table).await;
            assert_eq!(removed == 0, kept, "{removed} of {table} removed");
        }
    }
}

#[tokio::test]
async fn deletes_the_slot_that_was_given_back_after_ninety_days() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.taken().await;
        stage.release(work.attempt, ReleaseReason::Lost).await;
        for (days, removed) in [(89, 0), (2, 1)] {
            stage.later(TimeDelta::days(days));
            assert_eq!(prune(&stage, "send_reservation").await, removed);
        }
    }
}

/// A person had the message sent again: what the chat held before its first copy is kept with the slot.
#[tokio::test]
async fn keeps_the_snapshot_of_the_slot_when_the_message_can_go_again() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        let (store, person) = (stage.store(), Stage::person());
        let before = [String::from("BEFORE")];
        let recorded = store.record_snapshot(stage.claimer(), work.attempt, &before);
        assert!(recorded.await.unwrap());
        assert_eq!(stage.commit(&work).await, Commit::Committed);
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        let again = PersonVerdict::SendAgain;
        let settled = store.settle_by_person(work.message, again, &person, stage.now);
        settled.await.unwrap();
        stage.later(TimeDelta::days(8));
        assert_eq!(prune(&stage, "snapshot_of_slot").await, 0);
        let cancelled = store.cancel(work.message, &person, stage.now);
        cancelled.await.unwrap();
        assert_eq!(prune(&stage, "snapshot_of_slot").await, 1);
        let left = "SELECT snapshot AS value FROM send_reservation";
        assert_eq!(stage.text(left).await, None);
    }
}

#[tokio::test]
async fn keeps_the_snapshot_when_the_message_can_go_again() {
    for mut stage in Stage::each().await {
        let (one, other) = (stage.writer(1).await, stage.writer(2).await);
        let sent = stage.queue(one).await;
        stage.sent("ONE").await;
        stage.later(TimeDelta::hours(2));
        stage.take_lease().await;
        let doubted = stage.queue(other).await;
        stage.doubted().await;
        stage
            .tamper("UPDATE whatsapp_message_queue SET snapshot = '[\"SEEN\"]'")
            .await;
        stage.later(TimeDelta::days(8));

        assert_eq!(prune(&stage, "snapshot").await, 1);

        let with = "SELECT id AS value FROM whatsapp_message_queue WHERE snapshot IS NOT NULL";
        assert_eq!(stage.db.texts(with).await, [Some(doubted.to_string())]);
        let (store, person) = (stage.store(), Stage::person());
        let arrived = PersonVerdict::Arrived;
        let settled = store.settle_by_person(doubted, arrived, &person, stage.now);
        settled.await.unwrap();
        prune(&stage, "snapshot").await;
        assert!(
            stage.db.texts(with).await.is_empty(),
            "{sent} and {doubted} are sent"
        );
    }
}

#[tokio::test]
async fn counts_refusals_of_half_an_hour_when_older_ones_are_gone() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        stage.sent("ONE").await;
        ack(&stage, "ONE", Ack::Error).await;
        assert_eq!(prune(&stage, "send_refusal").await, 0);
        stage.later(TimeDelta::days(91));
        assert_eq!(prune(&stage, "send_refusal").await, 1);
    }
}

#[tokio::test]
async fn keeps_the_newest_live_events_when_no_page_is_open() {
    for stage in Stage::each().await {
        stage
            .tamper(
                "INSERT INTO live_event (kind, subject)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51000)
                 SELECT 'session', 'groom' FROM n",
            )
            .await;
        let newest = stage.store().live_newest().await.unwrap();
        prune(&stage, "live_event").await;
        let kept = "SELECT CAST(count(*) AS BIGINT) AS value FROM live_event";
        assert_eq!(stage.int(kept).await, Some(50_000));
        assert_eq!(stage.store().live_newest().await.unwrap(), newest);
    }
}

#[tokio::test]
async fn removes_a_bounded_number_when_a_pass_finds_more() {
    for stage in Stage::each().await {
        stage
            .tamper(
                "INSERT INTO audit_log (id, at, actor, action, subject)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                 SELECT '01500000-0000-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2), 1, 'a', 'b', 'c' FROM n",
            )
            .await;
        let config = GlobalConfig::default();
        let mut rows = Vec::new();
        for _ in 0..4 {
            let pruned = stage.store().prune(&config, stage.now).await.unwrap();
            rows.extend(
                pruned
                    .iter()
                    .filter(|one| one.what == "audit_log")
                    .map(|one| one.rows),
            );
        }
        assert_eq!(rows, [500, 500, 200, 0]);
    }
}
