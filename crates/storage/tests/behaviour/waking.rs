//! What ends a wait wakes the rows that wait for it: settings, an unlock, a resume; and the sweep, which should find nothing.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Timestamp,
    config::GlobalConfig,
    ids::MessageId,
    lane::Lane,
    outcome::SendAnswer,
    release::{Lock, ReleaseRules},
    session::SessionState,
    wait::WaitReason,
};
use storage::{ConfigUpdate, testing::TestDatabase};

use super::stage::{Stage, groom};

async fn settings(stage: &mut Stage, change: impl FnOnce(&mut GlobalConfig)) {
    let (mut config, version) = stage.store().config().await.expect("settings");
    change(&mut config);
    let (store, person) = (stage.store(), Stage::person());
    let changed = store.update_config(&config, version, &person, stage.now);
    let changed = changed.await.expect("an answer");
    assert!(matches!(changed, ConfigUpdate::Done { .. }));
    stage.rules = ReleaseRules::from_config(&config);
    // The worker does this at its next claim, when it sees another version of the settings.
    let looked = store.look_again(&stage.session).await;
    looked.expect("an answer");
}

async fn stuck(stage: &Stage) -> Vec<MessageId> {
    let stuck = stage.store().stuck_messages(stage.now).await;
    let stuck = stuck.expect("an answer");
    stuck.iter().map(|one| one.message).collect()
}

/// The message waits for that reason, until that event.
async fn waits(stage: &Stage, message: MessageId, reason: &str, ends: &str) {
    let sql = format!(
        "UPDATE whatsapp_message_queue SET due = 0, wait_reason = {reason}, wait_ends = {ends} WHERE id = '{message}'"
    );
    stage.tamper(&sql).await;
}

async fn reason(stage: &Stage, message: MessageId) -> Option<WaitReason> {
    stage.row(message).await.wait.map(|wait| wait.reason)
}

async fn at(stage: &mut Stage, time: &str) {
    stage.now = time.parse::<Timestamp>().expect("a time");
    stage
        .sees(&groom(), SessionState::Connected, stage.now)
        .await;
    stage.take_lease().await;
}

/// A reply that is no longer fresh at half past eleven at night.
async fn reply_at_night(stage: &mut Stage) -> MessageId {
    let contact = stage.guest(1).await;
    at(stage, "2026-11-23T22:00:00Z").await;
    stage.writes(1, stage.now).await;
    let reply = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
    at(stage, "2026-11-23T22:30:00Z").await;
    stage.idle().await;
    assert_eq!(reason(stage, reply).await, Some(WaitReason::QuietHours));
    reply
}

#[tokio::test]
async fn a_raised_limit_of_unanswered_messages_frees_what_it_held() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.leave_two_unanswered(contact).await;
        let message = stage.queue(contact).await;
        stage.idle().await;
        let held = Some(WaitReason::UnansweredLimit);
        assert_eq!(reason(&stage, message).await, held);
        settings(&mut stage, |config| config.groom_name = "Zeno".to_owned()).await;
        stage.idle().await;
        assert_eq!(reason(&stage, message).await, held);
        settings(&mut stage, |config| config.limits.unanswered = 3).await;
        assert_eq!(stage.taken().await.message, message);
    }
}

#[tokio::test]
async fn another_time_zone_and_other_quiet_hours_free_what_waits_for_the_morning() {
    for mut stage in Stage::each().await {
        let reply = reply_at_night(&mut stage).await;
        let zone = "America/New_York".parse().unwrap();
        settings(&mut stage, |config| config.time_zone = zone).await;
        assert_eq!(stage.taken().await.message, reply);
    }
    for mut stage in Stage::each().await {
        let reply = reply_at_night(&mut stage).await;
        let midnight = "00:15:00".parse().unwrap();
        settings(&mut stage, |config| config.limits.quiet_from = midnight).await;
        assert_eq!(stage.taken().await.message, reply);
    }
}

/// Quiet hours are lifted for what was written in the last quarter of an hour; the lock would have lasted longer.
#[tokio::test]
async fn a_reply_that_was_written_while_the_session_was_locked_goes_when_it_is_unlocked() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        at(&mut stage, "2026-11-23T22:00:00Z").await;
        stage.writes(1, stage.now).await;
        let (store, until) = (stage.store(), stage.now + TimeDelta::hours(2));
        let lock = store.lock(&stage.session, Lock::Until(until), "test", stage.now);
        lock.await.unwrap();
        let reply = stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.idle().await;
        assert_eq!(reason(&stage, reply).await, Some(WaitReason::QuietHours));
        stage.later(TimeDelta::minutes(5));
        stage.take_lease().await;
        let person = Stage::person();
        let unlocked = store.unlock(&stage.session, &person, stage.now);
        assert!(unlocked.await.unwrap());
        assert_eq!(stage.taken().await.message, reply);
    }
}

#[tokio::test]
async fn a_worker_that_decided_by_older_settings_looks_again() {
    for mut stage in Stage::each().await {
        let reply = reply_at_night(&mut stage).await;
        stage.store().look_again(&groom()).await.unwrap();
        assert_eq!(reason(&stage, reply).await, None);
    }
}

#[tokio::test]
async fn the_sweep_finds_what_waits_for_something_that_has_happened() {
    for mut stage in Stage::each().await {
        let (one, two) = (stage.writer(1).await, stage.guest(2).await);
        let unwritten = stage.queue(two).await;
        for (reason, ends) in [
            ("'earlier_open'", "'event:earlier_ends'"),
            ("'guest_has_not_written'", "'event:contact_writes'"),
            ("'contact_suspended'", "'person:decide_contact'"),
            ("'broadcast_paused'", "'person:resume_broadcast'"),
            ("NULL", "NULL"),
        ] {
            let lost = stage.queue(one).await;
            waits(&stage, lost, reason, ends).await;
            assert_eq!(stuck(&stage).await, [lost], "{reason}");
            assert_eq!(stage.store().sweep().await.unwrap(), 1, "{reason}");
            assert_eq!(stuck(&stage).await, [], "{reason}");
        }
        let held = Some(WaitReason::GuestHasNotWritten);
        assert_eq!(reason(&stage, unwritten).await, held);
    }
}

/// An uncertain message holds others back until a time. Only the end of an open one wakes what waits for an end.
#[tokio::test]
async fn a_wait_for_the_end_of_an_uncertain_message_is_stuck() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        stage.queue(contact).await;
        let work = stage.committed().await;
        let held = stage.queue(contact).await;
        waits(&stage, held, "'earlier_open'", "'event:earlier_ends'").await;
        assert_eq!(stuck(&stage).await, [], "the open message will end");
        stage.finish(work.attempt, SendAnswer::Unclear).await;
        waits(&stage, held, "'earlier_open'", "'event:earlier_ends'").await;
        assert_eq!(stuck(&stage).await, [held]);
        assert_eq!(stage.store().sweep().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_sweep_holds_up_no_writer_while_it_looks() {
    let mut stage = Stage::on(TestDatabase::sqlite().await).await;
    let guest = stage.guest(1).await;
    stage.queue(guest).await;
    let store = stage.store();
    let writer = stage.db.begin().await;
    let swept = tokio::time::timeout(Duration::from_secs(20), store.sweep()).await;
    assert_eq!(swept.expect("it waits for the writer").unwrap(), 0);
    writer.commit().await;
}

#[tokio::test]
async fn the_sweep_finds_what_is_behind_many_waiting_messages() {
    for mut stage in Stage::each().await {
        let guest = stage.guest(1).await;
        let mut messages = Vec::new();
        for _ in 0..1_001 {
            stage.later(TimeDelta::milliseconds(1));
            messages.push(stage.new_message(guest));
        }
        stage.enqueue(&messages).await;
        let lost = messages.last().map(|message| message.id).unwrap();
        waits(&stage, lost, "NULL", "NULL").await;
        assert_eq!(stage.store().sweep().await.unwrap(), 1);
        assert_eq!(stuck(&stage).await, []);
    }
}

#[tokio::test]
async fn an_attempt_that_the_holder_of_the_lease_does_not_end_is_stuck() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage.queue(contact).await;
        stage.taken().await;
        let store = stage.store();
        assert_eq!(store.stuck_messages(stage.now).await.unwrap(), []);
        stage.later(TimeDelta::minutes(16));
        assert_eq!(store.stuck_messages(stage.now).await.unwrap(), []);
        stage.take_lease().await;
        let stuck = store.stuck_messages(stage.now).await.unwrap();
        assert_eq!(stuck.len(), 1);
        assert_eq!(stuck[0].message, message);
    }
}
