//! The point of no return: whatever changed since the claim is seen.

use chrono::TimeDelta;
use domain::{
    lane::Lane,
    message_status::MessageStatus,
    release::{Lock, RefuseReason, Rule, Rulebook},
    session::SessionState,
    wait::{Ends, WaitReason},
};
use storage::{CancelReason, Commit, Edit, Recheck, Recorded, ReleaseOutcome, ReleaseReason};

use super::stage::{Stage, bride, groom};

async fn reservation(stage: &Stage) -> String {
    let sql = "SELECT state AS value FROM send_reservation ORDER BY id DESC";
    stage.text(sql).await.expect("a slot")
}

#[tokio::test]
async fn a_commit_counts_the_slot_from_now() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        let store = stage.store();
        assert_eq!(stage.recheck(&work).await, Recheck::Go);
        let snapshot = [String::from("OLD1"), String::from("OLD2")];
        assert!(
            store
                .record_snapshot(stage.claimer(), work.attempt, &snapshot)
                .await
                .unwrap()
        );
        let commit = store
            .commit(stage.claimer(), &work, Some("CHOSEN"), stage.now)
            .await;
        assert_eq!(commit.unwrap(), Commit::Committed);
        let row = stage.row(work.message).await;
        assert_eq!(
            (row.status, row.committed_at),
            (MessageStatus::Sending, Some(stage.now))
        );
        assert_eq!(
            store.commit_state(&groom(), work.attempt).await.unwrap(),
            Some(MessageStatus::Sending)
        );
        let slot = "SELECT committed_at AS value FROM send_reservation WHERE state = 'committed'";
        assert_eq!(stage.int(slot).await, Some(stage.now.timestamp_millis()));
        let chosen = "SELECT client_raw_id || snapshot AS value FROM whatsapp_message_queue";
        assert_eq!(
            stage.text(chosen).await.as_deref(),
            Some(r#"CHOSEN["OLD1","OLD2"]"#)
        );
        // The answer was lost on the way, and is asked for again.
        assert_eq!(stage.commit(&work).await, Commit::Committed);
        // After the commit the snapshot stays what it was.
        assert!(
            !store
                .record_snapshot(stage.claimer(), work.attempt, &[])
                .await
                .unwrap()
        );
        assert_eq!(
            store
                .release(
                    stage.claimer(),
                    work.attempt,
                    ReleaseReason::Lost,
                    stage.now
                )
                .await
                .unwrap(),
            ReleaseOutcome::Gone
        );
    }
}

#[tokio::test]
async fn a_short_lease_commits_nothing_and_changes_nothing() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage.later(TimeDelta::milliseconds(15_001));
        assert_eq!(stage.commit(&work).await, Commit::LeaseTooShort);
        assert_eq!(stage.status(work.message).await, MessageStatus::Composing);
        stage.later(TimeDelta::milliseconds(-1));
        assert_eq!(stage.commit(&work).await, Commit::Committed);
    }
}

#[tokio::test]
async fn an_edit_while_composing_sends_the_message_back() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        let edit = Edit {
            priority: Some(3),
            ..Edit::default()
        };
        stage
            .store()
            .edit(work.message, None, &edit, &Stage::person(), stage.now)
            .await
            .unwrap();
        assert_eq!(stage.commit(&work).await, Commit::Changed);
        assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
        assert_eq!(reservation(&stage).await, "abandoned");
        // Asked again, the answer is the same.
        assert_eq!(stage.commit(&work).await, Commit::Changed);
        let again = stage.taken().await;
        assert_eq!(
            (again.message, again.version),
            (work.message, work.version + 1)
        );
    }
}

#[tokio::test]
async fn a_cancelled_composition_ends() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage
            .store()
            .cancel(work.message, &Stage::person(), stage.now)
            .await
            .unwrap();
        let recheck = stage.recheck(&work).await;
        assert_eq!(recheck, Recheck::Ended);
        assert_eq!(stage.commit(&work).await, Commit::Ended);
        assert_eq!(stage.status(work.message).await, MessageStatus::Cancelled);
        assert_eq!(reservation(&stage).await, "abandoned");
    }
}

/// Stands for two sends that their contact has not answered, long enough ago for the cool-down.
const TWO_UNANSWERED: &str = "two unanswered";

async fn change_world(stage: &Stage, change: &str) {
    if change != TWO_UNANSWERED {
        return stage.tamper(change).await;
    }
    let contact = stage
        .text("SELECT contact_id AS value FROM contact_session")
        .await;
    let contact = contact.expect("a contact").parse().expect("an id");
    stage.leave_two_unanswered(contact).await;
}

/// What is done to the world between the ready composition and its commit, and the reason that keeps it from going.
#[tokio::test]
async fn every_fact_is_read_again() {
    let changes: [(&str, WaitReason); 7] = [
        (
            "UPDATE whatsapp_session_status SET paused_by = 'anna'",
            WaitReason::SessionPaused,
        ),
        (
            "UPDATE whatsapp_session_status SET state = 'qr'",
            WaitReason::SessionNeedsScan,
        ),
        (
            "UPDATE whatsapp_session_status SET problem = 'key_refused'",
            WaitReason::KeyRefused,
        ),
        (
            "UPDATE session_number SET lock_person = 1",
            WaitReason::SessionLocked,
        ),
        (TWO_UNANSWERED, WaitReason::UnansweredLimit),
        (
            "UPDATE contact_session SET evidence_id = NULL",
            WaitReason::GuestHasNotWritten,
        ),
        (
            "UPDATE contact_session SET hand_typed_at = 1795431600000",
            WaitReason::HandTyped,
        ),
    ];
    for (change, reason) in changes {
        for mut stage in Stage::each().await {
            let work = stage.composed().await;
            change_world(&stage, change).await;
            let recheck = stage.recheck(&work).await;
            let Recheck::Back(wait) = recheck else {
                panic!("{change}: it went on");
            };
            assert_eq!(wait.reason, reason, "{change}");
            let row = stage.row(work.message).await;
            assert_eq!(row.status, MessageStatus::Pending, "{change}");
            assert_eq!(row.wait.is_some(), !reason.is_of_session(), "{change}");
            assert_eq!(row.attempts, 0, "{change}");
            assert_eq!(reservation(&stage).await, "abandoned", "{change}");
        }
        for mut stage in Stage::each().await {
            let work = stage.composed().await;
            change_world(&stage, change).await;
            let Commit::Back(wait) = stage.commit(&work).await else {
                panic!("{change}: it was not sent back");
            };
            assert_eq!(wait.reason, reason, "{change}");
            assert_eq!(stage.status(work.message).await, MessageStatus::Pending);
        }
    }
}

#[tokio::test]
async fn a_wait_of_seconds_is_waited_out_while_ready() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        let ends = stage.now + TimeDelta::seconds(8);
        let gap = |at: domain::Timestamp| {
            format!(
                "UPDATE session_number SET automatic_gap_until = {}",
                at.timestamp_millis()
            )
        };
        stage.tamper(&gap(ends)).await;
        let Commit::NotYet(wait) = stage.commit(&work).await else {
            panic!("it did not wait");
        };
        assert_eq!((wait.reason, wait.ends), (WaitReason::Gap, Ends::At(ends)));
        assert_eq!(stage.status(work.message).await, MessageStatus::Composing);
        stage.tamper(&gap(ends + TimeDelta::milliseconds(1))).await;
        assert!(matches!(stage.commit(&work).await, Commit::Back(_)));
        // The session's wait: the row stays due, in its place.
        let row = stage.row(work.message).await;
        assert_eq!((row.status, row.wait), (MessageStatus::Pending, None));
    }
}

#[tokio::test]
async fn an_answer_while_typing_ends_a_message_that_is_to_be_dropped() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let message = stage
            .queue_with(contact, |m| m.drop_if_answered = true)
            .await;
        let work = stage.taken().await;
        stage.later(TimeDelta::seconds(2));
        assert!(matches!(
            stage.writes(1, stage.now).await,
            Recorded::Inbound { new: true, .. }
        ));
        let row = stage.row(message).await;
        assert_eq!(
            row.cancel_reason,
            Some(CancelReason::Rule(RefuseReason::Answered))
        );
        assert_eq!(reservation(&stage).await, "abandoned");
        assert_eq!(stage.commit(&work).await, Commit::Ended);
    }
}

#[tokio::test]
async fn what_a_rule_refuses_for_ever_is_cancelled_at_the_commit() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage.tamper("UPDATE contact SET opted_out_at = 1").await;
        assert_eq!(stage.commit(&work).await, Commit::Ended);
        let row = stage.row(work.message).await;
        assert_eq!(
            row.cancel_reason,
            Some(CancelReason::Rule(RefuseReason::OptedOut))
        );
    }
}

/// Each rule is asked at the commit: with its page torn out of the book, what it forbids goes through.
#[tokio::test]
async fn each_rule_is_missed_when_its_page_is_torn_out() {
    let now = 1_795_431_600_000_i64;
    let soon = now + 600_000;
    let cases = [
        (
            Rule::Paused,
            "UPDATE whatsapp_session_status SET paused_by = 'anna'".to_owned(),
        ),
        (
            Rule::Connected,
            "UPDATE whatsapp_session_status SET state = 'qr'".to_owned(),
        ),
        (
            Rule::Locked,
            "UPDATE session_number SET lock_person = 1".to_owned(),
        ),
        (
            Rule::Gap,
            format!(
                "UPDATE session_number SET automatic_gap_until = {}",
                soon * 2
            ),
        ),
        (Rule::Unanswered, TWO_UNANSWERED.to_owned()),
        (
            Rule::HandTyped,
            format!("UPDATE contact_session SET hand_typed_at = {soon}"),
        ),
        (
            Rule::NotAfter,
            "UPDATE whatsapp_message_queue SET not_after = 1".to_owned(),
        ),
        (
            Rule::NotBefore,
            format!(
                "UPDATE whatsapp_message_queue SET not_before = {}",
                soon * 2
            ),
        ),
        (
            Rule::OptOut,
            "UPDATE contact SET opted_out_at = 1".to_owned(),
        ),
        (
            Rule::DropIfAnswered,
            "UPDATE whatsapp_message_queue SET drop_if_answered = 1, queued_at = 1".to_owned(),
        ),
    ];
    for (rule, change) in cases {
        for mut stage in Stage::each().await {
            let work = stage.composed().await;
            change_world(&stage, &change).await;
            stage.book = Rulebook::without(rule);
            assert_eq!(stage.commit(&work).await, Commit::Committed, "{rule:?}");
        }
        for mut stage in Stage::each().await {
            let work = stage.composed().await;
            change_world(&stage, &change).await;
            assert!(
                matches!(stage.commit(&work).await, Commit::Back(_) | Commit::Ended),
                "{rule:?}"
            );
        }
    }
}

/// A reply whose contact fell silent for a day while it was composed is counted as what it has become.
#[tokio::test]
async fn the_slot_is_counted_in_the_lane_of_the_commit() {
    for mut stage in Stage::each().await {
        let contact = stage.guest(1).await;
        stage
            .writes(1, stage.now - TimeDelta::hours(24) + TimeDelta::seconds(1))
            .await;
        stage.queue_with(contact, |m| m.lane = Lane::Reply).await;
        stage.pacing.reply_reading_min_ms = 0;
        stage.pacing.reply_reading_max_ms = 0;
        stage.pacing.typing_ms_per_char = 0;
        stage.pacing.pause_min_ms = 0;
        stage.pacing.pause_max_ms = 0;
        let work = stage.taken().await;
        let lane = "SELECT lane AS value FROM send_reservation";
        assert_eq!(stage.text(lane).await.as_deref(), Some("reply"));
        stage.later(TimeDelta::seconds(2));
        assert_eq!(stage.commit(&work).await, Commit::Committed);
        assert_eq!(stage.text(lane).await.as_deref(), Some("automatic"));
    }
}

#[tokio::test]
async fn a_lock_of_another_session_does_not_matter() {
    for mut stage in Stage::each().await {
        let work = stage.composed().await;
        stage
            .store()
            .lock(&bride(), Lock::Person, "test", stage.now)
            .await
            .unwrap();
        stage.sees(&bride(), SessionState::Failed, stage.now).await;
        stage
            .store()
            .lock(&groom(), Lock::Until(stage.now), "over", stage.now)
            .await
            .unwrap();
        assert_eq!(stage.commit(&work).await, Commit::Committed);
    }
}
